import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SettledState } from '../../shared/ledger/keys.ts';
import { createLedger } from '../../shared/ledger/ledger.ts';
import type { OpenContent } from '../../shared/ledger/open-content.ts';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createLosingTable } from './losing-table.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-20T10:20:00Z');
const scope = { tenantId: 'tenant', contentType: 'Audit.Exchange' } as const;
const never = 0;
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

/** A ledger on a table of its own, with a clock that the test moves. */
async function aLedger() {
  const clock = { now: start };
  const storage = await createLosingTable(azurite.connectionString);
  const ledger = createLedger(storage.table, () => clock.now);

  async function add(count: number, expires = start + 7 * 24 * hour): Promise<readonly OpenContent[]> {
    const contents = Array.from({ length: count }, (_, index) => ({
      contentId: `content/${index}`,
      contentUri: `https://manage.office.com/${index}`,
      created: start - 30 * minute,
      expires,
    }));
    return (await ledger.add(scope, contents)).all;
  }

  async function settle(content: OpenContent, state: SettledState) {
    const claim = await ledger.claim(content, { messageId: 'm', dequeueCount: 1 });
    if (!claim) throw new Error('not claimed');
    const sent = { records: 7, bytes: 3_000_000_000, crc32: 4_000_000_000 };
    await ledger.settle(claim, {
      state,
      sent,
      possiblyDoubled: 2,
      refusedRecords: [1, 4],
      missing: 2,
      code: 'content_malformed',
    });
  }

  async function quarantine(expires?: number) {
    const [content] = await add(1, expires);
    if (!content) throw new Error('not added');
    await settle(content, 'quarantined');
    return await theQuarantined();
  }

  async function theQuarantined() {
    const { quarantined } = await ledger.findUnfinished(scope, never, 10);
    const [content] = quarantined;
    if (!content) throw new Error('not quarantined');
    return content;
  }

  async function rows(): Promise<Record<string, Record<string, unknown>>> {
    const found: Record<string, Record<string, unknown>> = {};
    for await (const { etag: _etag, partitionKey: _scope, timestamp: _time, ...row } of storage.table.listEntities())
      found[row.rowKey ?? ''] = row;
    return found;
  }

  return { clock, storage, ledger, add, settle, quarantine, theQuarantined, rows };
}

describe('unfinished contents', () => {
  it('are the open ones whose time is over and that nobody works on, and all that are quarantined', async () => {
    const { ledger, add, settle, clock } = await aLedger();
    const [claimed, dead, quarantined, forwarded] = await add(6, start + hour);
    if (!claimed || !dead || !quarantined || !forwarded) throw new Error('not added');
    await settle(quarantined, 'quarantined');
    await settle(forwarded, 'forwarded');
    await ledger.claim(dead, { messageId: 'crashed', dequeueCount: 1 });
    clock.now += 5 * minute;
    await ledger.claim(claimed, { messageId: 'at work', dequeueCount: 1 });
    clock.now += 5 * minute;
    const early = await ledger.findUnfinished(scope, start + hour - 1, 10);
    expect(early).toMatchObject({ overdue: [], quarantined: [{ contentId: quarantined.contentId }] });
    const { overdue } = await ledger.findUnfinished(scope, start + hour, 10);
    expect(overdue.map(({ content }) => [content.contentId, content.possiblyDoubled])).toEqual([
      [dead.contentId, 1],
      ['content/4', 0],
      ['content/5', 0],
    ]);
    expect((await ledger.findUnfinished(scope, start + hour, 2)).overdue).toHaveLength(2);
  });

  it('are read with one request', async () => {
    const { ledger, storage, quarantine } = await aLedger();
    await quarantine();
    const before = storage.requests;
    await ledger.findUnfinished(scope, start, 10);
    expect(storage.requests - before).toBe(1);
  });
});

describe('expiring', () => {
  it('moves the row, with all that is known of the content', async () => {
    const { ledger, quarantine, rows, clock } = await aLedger();
    const content = await quarantine();
    const before = (await rows())['q|2026-11-20T09|content*002f0'];
    clock.now += 8 * 24 * hour;
    expect(await ledger.expire(content, 'run')).toBe(true);
    const after = await rows();
    expect(Object.keys(after).sort()).toEqual(['h|2026-11-20T09', 'x|2026-11-20T09|content*002f0']);
    expect(after['x|2026-11-20T09|content*002f0']).toEqual({
      ...before,
      rowKey: 'x|2026-11-20T09|content*002f0',
      settled: new Date(clock.now).toISOString(),
      owner: 'run',
      code: 'content_expired',
    });
    expect(before).toMatchObject({ records: 5, bytes: '3000000000', possiblyDoubled: 2 });
  });

  it('is done once, and known as done when storage repeats what it had applied', async () => {
    const { ledger, quarantine, storage, rows } = await aLedger();
    const content = await quarantine();
    storage.loseNextAnswer();
    expect(await ledger.expire(content, 'run')).toBe(true);
    expect(await ledger.expire(content, 'another')).toBe(false);
    expect(Object.keys(await rows())).toHaveLength(2);
  });
});

describe('opening again', () => {
  it('brings back an open content, due at once, that goes on where it was', async () => {
    const { ledger, quarantine, theQuarantined, settle, rows, clock } = await aLedger();
    const content = await quarantine();
    expect(content).toMatchObject({ contentId: 'content/0', reopened: 0, code: 'content_malformed', settled: start });
    clock.now += 4 * hour;
    expect(await ledger.reopen(content, 9, 'run')).toBe(true);
    expect(Object.keys(await rows()).sort()).toEqual(['h|2026-11-20T09', 'o|2026-11-20T09|content*002f0']);
    const [open] = await ledger.due(scope, 10);
    expect(open).toMatchObject({
      contentId: 'content/0',
      contentUri: 'https://manage.office.com/0',
      created: start - 30 * minute,
      expires: start + 7 * 24 * hour,
      listed: start,
      attempts: 9,
      reopened: 1,
      sent: { records: 7, bytes: 3_000_000_000, crc32: 4_000_000_000 },
      possiblyDoubled: 2,
      refusedRecords: [1, 4],
      missing: 2,
    });
    if (!open) throw new Error('not due');
    await settle(open, 'quarantined');
    expect(await theQuarantined()).toMatchObject({ reopened: 1, settled: start + 4 * hour });
  });

  it('is done once, and known as done when storage repeats what it had applied', async () => {
    const { ledger, quarantine, storage, rows } = await aLedger();
    const content = await quarantine();
    storage.loseNextAnswer();
    expect(await ledger.reopen(content, 9, 'run')).toBe(true);
    expect(await ledger.reopen(content, 9, 'another')).toBe(false);
    expect(await ledger.expire(content, 'another')).toBe(false);
    expect(Object.keys(await rows())).toHaveLength(2);
  });

  it('undoes nothing of what the content has become since', async () => {
    const { ledger, quarantine, storage, rows, settle } = await aLedger();
    const content = await quarantine();
    storage.loseNextAnswer(async () => {
      const [open] = await ledger.due(scope, 10);
      if (open) await settle(open, 'forwarded');
    });
    expect(await ledger.reopen(content, 9, 'run')).toBe(false);
    expect(Object.keys(await rows()).sort()).toEqual(['f|2026-11-20T09|content*002f0', 'h|2026-11-20T09']);
  });

  it('is seen by whoever lists: an instance that has read the hour before reads it again', async () => {
    const { ledger, quarantine, storage, add, rows } = await aLedger();
    const content = await quarantine();
    const other = createLedger(storage.table, () => start);
    const late = { contentId: 'late', contentUri: 'u', created: start - 25 * minute, expires: start + hour };
    await other.add(scope, [late]);
    await ledger.reopen(content, 9, 'run');
    expect((await other.add(scope, [{ ...late, contentId: 'later' }])).all).toHaveLength(1);
    expect(await add(1)).toHaveLength(0);
    const counts = (await rows())['h|2026-11-20T09'];
    expect(counts).toMatchObject({ listed: 3 });
  });
});
