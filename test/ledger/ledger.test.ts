import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type Ledger } from '../../shared/ledger/ledger.ts';
import type { OpenContent } from '../../shared/ledger/open-content.ts';
import type { ContentType } from '../../shared/settings/settings.ts';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createLosingTable } from './losing-table.ts';

const minute = 60_000;
const start = Date.parse('2026-11-20T10:20:00Z');
const contentType: ContentType = 'Audit.Exchange';
let azurite: Azurite;
let table: TableClient;
let tenants = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  table = TableClient.fromConnectionString(azurite.connectionString, 'ledger', { allowInsecureConnection: true });
  await table.createTable();
});
afterAll(() => azurite.stop());

/** A ledger of a tenant of its own, with a clock that the test moves. */
function aLedger() {
  const clock = { now: start };
  tenants += 1;
  const scope = { tenantId: `tenant-${tenants}`, contentType };
  return {
    clock,
    scope,
    ledger: createLedger(table, () => clock.now),
    another: () => createLedger(table, () => clock.now),
  };
}

function contents(count: number, from = 0) {
  return Array.from({ length: count }, (_, index) => ({
    contentId: `2026$${from + index}$audit_exchange`,
    contentUri: `https://manage.office.com/${from + index}`,
    created: start - 30 * minute,
    expires: start + 7 * 24 * 60 * minute,
  }));
}

const delivery = (messageId: string, dequeueCount = 1) => ({ messageId, dequeueCount });
const forwarded = {
  state: 'forwarded',
  sent: { records: 3, bytes: 30, crc32: 7 },
  possiblyDoubled: 0,
  refusedRecords: [],
  missing: 0,
} as const;

async function rows(tenantId: string): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>();
  const filter = `PartitionKey eq '${tenantId}|${contentType}'`;
  for await (const row of table.listEntities<Record<string, unknown>>({ queryOptions: { filter } }))
    found.set(row.rowKey ?? '', row);
  return found;
}

async function one(ledger: Ledger, scope: { tenantId: string; contentType: ContentType }): Promise<OpenContent> {
  const [content] = (await ledger.add(scope, contents(1))).all;
  if (!content) throw new Error('not added');
  return content;
}

describe('listed contents', () => {
  it('are added once, however often and by whomever they are listed, and counted', async () => {
    const { ledger, scope, another } = aLedger();
    expect((await ledger.add(scope, [...contents(150), ...contents(20)])).all).toHaveLength(150);
    expect((await ledger.add(scope, contents(150))).all).toHaveLength(0);
    expect((await another().add(scope, contents(160))).all).toHaveLength(10);
    const found = await rows(scope.tenantId);
    expect([...found.keys()].filter((key) => key.startsWith('o|'))).toHaveLength(160);
    expect(found.get('h|2026-11-20T09')).toMatchObject({ listed: 160 });
  });

  it('are not added again by an instance whose view is old, even when another one has settled them', async () => {
    const { ledger, scope, another } = aLedger();
    await ledger.add(scope, contents(1));
    const other = another();
    const [added] = (await other.add(scope, contents(1, 1))).all;
    const claim = added && (await other.claim(added, delivery('m')));
    if (!claim) throw new Error('not claimed');
    await other.settle(claim, forwarded);
    expect((await ledger.add(scope, contents(3))).all).toHaveLength(1);
    const found = await rows(scope.tenantId);
    expect([...found.keys()].filter((key) => key.startsWith('o|'))).toHaveLength(2);
    expect(found.get('h|2026-11-20T09')).toMatchObject({ listed: 3 });
  });
});

describe('contents that are taken while they are listed', () => {
  it('are not due, and can be claimed as they are', async () => {
    const { ledger, scope } = aLedger();
    const { all, taken } = await ledger.add(scope, contents(120), (count) => Math.min(count, 70));
    expect([all.length, taken.length]).toEqual([120, 91]);
    const due = await ledger.due(scope, 200);
    const idsOf = (list: readonly OpenContent[]) => list.map(({ contentId }) => contentId).sort();
    expect(idsOf([...due, ...taken])).toEqual(idsOf(all));
    const [first] = taken;
    expect(first && (await ledger.claim(first, delivery('m')))).toMatchObject({ content: { attempts: 1 } });
  });

  it('are known as such when storage lost the answer to their insertion', async () => {
    const { scope } = aLedger();
    const losing = await createLosingTable(azurite.connectionString);
    const ledger = createLedger(losing.table, () => start);
    await ledger.add(scope, contents(1));
    losing.loseNextAnswer();
    const { all, taken } = await ledger.add(scope, contents(10), () => 4);
    expect([all.length, taken.length]).toEqual([9, 4]);
    expect(await ledger.claim(taken[0] as OpenContent, delivery('m'))).toMatchObject({ content: { attempts: 1 } });
  });
});

describe('claims', () => {
  it('are had by one of many', async () => {
    const { ledger, scope } = aLedger();
    const content = await one(ledger, scope);
    const claims = await Promise.all(['a', 'b', 'c', 'd'].map((id) => ledger.claim(content, delivery(id))));
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
  });

  it('are our own when storage repeats what it had applied', async () => {
    const { ledger, scope } = aLedger();
    const content = await one(ledger, scope);
    const first = await ledger.claim(content, delivery('m'));
    const repeated = await ledger.claim(content, delivery('m'));
    expect(repeated).toMatchObject({ owner: first?.owner, content: { attempts: 1, etag: first?.content.etag } });
  });

  it('pass to the next delivery of the same message, and count what may be doubled', async () => {
    const { ledger, scope } = aLedger();
    const content = await one(ledger, scope);
    await ledger.claim(content, delivery('m', 1));
    expect(await ledger.claim(content, delivery('other', 5))).toBeUndefined();
    const second = await ledger.claim(content, delivery('m', 2));
    expect(second?.content).toMatchObject({ attempts: 2, possiblyDoubled: 1 });
    expect(await ledger.claim(content, delivery('m', 1))).toBeUndefined();
  });

  it('settle once; whoever comes later has lost the claim', async () => {
    const { ledger, scope } = aLedger();
    const content = await one(ledger, scope);
    const first = await ledger.claim(content, delivery('m', 1));
    const second = await ledger.claim(content, delivery('m', 2));
    if (!first || !second) throw new Error('not claimed');
    await ledger.settle(second, forwarded);
    await ledger.settle(second, forwarded);
    await expect(ledger.settle(first, { ...forwarded, state: 'quarantined' })).rejects.toMatchObject({
      code: 'claim_lost',
    });
    await expect(ledger.noteProgress(first, forwarded)).rejects.toMatchObject({ code: 'claim_lost' });
    const found = await rows(scope.tenantId);
    expect([...found.keys()].sort()).toEqual(['f|2026-11-20T09|2026$0$audit_exchange', 'h|2026-11-20T09']);
    expect(await ledger.claim(content, delivery('again'))).toBeUndefined();
  });

  it('settle nothing once they have run out', async () => {
    const { ledger, scope, clock } = aLedger();
    const claim = await ledger.claim(await one(ledger, scope), delivery('m'));
    clock.now += 10 * minute;
    if (!claim) throw new Error('not claimed');
    await expect(ledger.settle(claim, forwarded)).rejects.toMatchObject({ code: 'claim_lost' });
  });

  it('are put back with what has been sent', async () => {
    const { ledger, scope, clock } = aLedger();
    const claim = await ledger.claim(await one(ledger, scope), delivery('m'));
    if (!claim) throw new Error('not claimed');
    const noted = await ledger.noteProgress(claim, {
      ...forwarded,
      sent: { records: 2, bytes: 20, crc32: 4_000_000_000 },
    });
    const state = {
      ...forwarded,
      sent: { records: 4, bytes: 5_000_000_000, crc32: 9 },
      possiblyDoubled: 1,
      refusedRecords: [2],
      missing: 3,
    };
    const postponement = { ...state, due: start + minute, attempts: 0, code: 'content_incomplete' } as const;
    await ledger.postpone(noted, postponement);
    await ledger.postpone(noted, postponement);
    expect(await ledger.due(scope, 10)).toEqual([]);
    clock.now += minute;
    const { sent, possiblyDoubled, refusedRecords, missing } = state;
    expect(await ledger.due(scope, 10)).toMatchObject([
      { sent, possiblyDoubled, refusedRecords, missing, attempts: 0 },
    ]);
  });
});

describe('the backlog', () => {
  it('is taken once, and comes back when its message was lost', async () => {
    const { ledger, scope, clock } = aLedger();
    await ledger.add(scope, contents(120));
    const due = await ledger.due(scope, 1000);
    expect(due).toHaveLength(120);
    expect(await ledger.take(scope, due)).toHaveLength(120);
    expect(await ledger.due(scope, 1000)).toHaveLength(0);
    clock.now += 20 * minute;
    expect(await ledger.due(scope, 1000)).toHaveLength(120);
  });

  it('leaves out what changed meanwhile, and takes the rest of the transaction', async () => {
    const { ledger, scope } = aLedger();
    await ledger.add(scope, contents(10));
    const due = await ledger.due(scope, 10);
    const [, second] = due;
    if (!second) throw new Error('not due');
    await ledger.claim(second, delivery('m'));
    const taken = await ledger.take(scope, due);
    expect(taken.map(({ contentId }) => contentId).sort()).toEqual(
      due
        .filter((each) => each !== second)
        .map(({ contentId }) => contentId)
        .sort(),
    );
    const [first] = taken;
    expect(first && (await ledger.claim(first, delivery('n')))).toBeDefined();
  });

  it('counts what may be doubled of a claim that ran out', async () => {
    const { ledger, scope, clock } = aLedger();
    await ledger.claim(await one(ledger, scope), delivery('m'));
    clock.now += 9 * minute;
    expect(await ledger.due(scope, 10)).toEqual([]);
    clock.now += minute;
    expect(await ledger.due(scope, 10)).toMatchObject([{ possiblyDoubled: 1, attempts: 1 }]);
  });

  it('gives fresh contents a turn beside the oldest', async () => {
    const { ledger, scope } = aLedger();
    const old = contents(200).map((content) => ({ ...content, created: start - 50 * 60 * minute }));
    await ledger.add(scope, [...old, ...contents(5, 1000)]);
    const due = await ledger.due(scope, 40);
    expect(due).toHaveLength(40);
    expect(due.filter(({ created }) => created > start - 60 * minute)).toHaveLength(5);
  });
});
