import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SettledState } from '../../shared/ledger/keys.ts';
import type { Ledger } from '../../shared/ledger/ledger.ts';
import { inTurn } from '../../shared/reconciling/reconcile.ts';
import type { LogEvent } from '../../shared/telemetry/events.ts';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createLosingTable } from '../ledger/losing-table.ts';
import { createReconciler } from './reconciler.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.parse('2026-11-20T10:20:00Z');
const contentTypes = ['Audit.Exchange'] as const;
const scope = { tenantId: 'tenant', contentType: contentTypes[0] };
const sent = { records: 5, bytes: 50, crc32: 1 };
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

/** What the API lists of a content created so long ago. */
function listed(contentId: string, createdAgo: number, expires = start + 3 * day) {
  return { contentId, contentUri: `https://manage.office.com/${contentId}`, created: start - createdAgo, expires };
}

async function put(ledger: Ledger, content: ReturnType<typeof listed>, state?: SettledState): Promise<void> {
  const [open] = (await ledger.add(scope, [content])).all;
  if (!state) return;
  const claim = open && (await ledger.claim(open, { messageId: 'm', dequeueCount: 1 }));
  if (!claim) throw new Error('not claimed');
  const sending = { sent, possiblyDoubled: 0, refusedRecords: [], missing: 0 };
  await ledger.settle(claim, { state, ...sending, code: 'content_malformed' });
}

function told(events: readonly LogEvent[], name: LogEvent['event'], id: string): number {
  return events.filter((each) => each.event === name && Object.values(each).includes(id)).length;
}

describe('a run of the reconciling timer', () => {
  it('costs three reads a scope when there is nothing to do', async () => {
    const storage = await createLosingTable(azurite.connectionString);
    const tenantIds = ['a', 'b', 'c', 'd'];
    const reconciler = createReconciler({ storage, tenantIds, contentTypes, now: () => start });
    const checkpoint = { floor: start - 7 * day, listedUntil: start, passes: {} };
    for (const tenantId of tenantIds) {
      await reconciler.ledger.writeCheckpoint({ tenantId, contentType: contentTypes[0] }, checkpoint);
    }
    await reconciler.run();
    expect(reconciler.listings.length).toBe(tenantIds.length * 8);
    const before = storage.requests;
    await reconciler.run();
    expect(storage.requests - before).toBe(3 * tenantIds.length);
    expect(reconciler.listings.length).toBe(tenantIds.length * 8);
    expect(reconciler.events.map(({ event }) => event)).toEqual(['reconcile.completed']);
  });

  it('that runs out of time is followed by one that begins where it stopped', async () => {
    const storage = await createLosingTable(azurite.connectionString);
    const tenantIds = Array.from({ length: 60 }, (_, index) => `tenant-${index}`);
    let ticks = 0;
    const monotonicMs = () => {
      ticks += 1;
      return ticks * 5_000;
    };
    const reconciler = createReconciler({ storage, tenantIds, contentTypes, now: () => start, monotonicMs });
    const checkpoint = { floor: start - 10 * hour, listedUntil: start, passes: {} };
    for (const tenantId of tenantIds) {
      await reconciler.ledger.writeCheckpoint({ tenantId, contentType: contentTypes[0] }, checkpoint);
    }
    const reached: number[] = [];
    for (let run = 1; run <= 6; run += 1) {
      await reconciler.run();
      reached.push(new Set(reconciler.listings.map(({ tenantId }) => tenantId)).size);
    }
    expect(reached[0]).toBeLessThan(40);
    expect(reached.at(-1)).toBe(tenantIds.length);
    const waiting = reconciler.events.flatMap((each) => (each.event === 'reconcile.completed' ? [each.waiting] : []));
    expect(waiting[0]).toBeGreaterThan(20);
  });

  it('tells of what is open, and of a type that is silent against its own rhythm, each time anew', async () => {
    const storage = await createLosingTable(azurite.connectionString);
    const reconciler = createReconciler({ storage, tenantIds: [scope.tenantId], contentTypes, now: () => start });
    // A content an hour for a week, the last of them 13 hours ago.
    const contents = Array.from({ length: 168 }, (_, index) => listed(`c-${index}`, (index + 13) * hour, start + day));
    await reconciler.ledger.add(scope, contents);
    await reconciler.ledger.writeCheckpoint(scope, { floor: start - 8 * day, listedUntil: start, passes: {} });
    for (let run = 1; run <= 2; run += 1) {
      await reconciler.run();
      expect(reconciler.events.filter(({ event }) => event === 'listing.silent')).toHaveLength(run);
    }
    const about = { ...scope, tenant: scope.tenantId };
    expect(reconciler.events).toContainEqual(
      expect.objectContaining({
        event: 'listing.silent',
        ...about,
        hours: 12,
        expectedContents: 12,
        code: 'listing_silent',
      }),
    );
    expect(reconciler.events).toContainEqual({
      event: 'backlog.counted',
      ...about,
      open: 168,
      quarantined: 0,
      more: false,
      oldestOpenSeconds: (180 * hour) / 1000,
      soonestExpirySeconds: day / 1000,
    });
  });

  it('takes everybody in turn', () => {
    expect(inTurn([1, 2, 3, 4], 0)).toEqual([1, 2, 3, 4]);
    expect(inTurn([1, 2, 3, 4], 3)).toEqual([4, 1, 2, 3]);
    expect(inTurn([], 0)).toEqual([]);
  });
});

/** One of everything that a run has to do, and a process that dies at the request after so many. */
async function dieIn(requests: number, applied: boolean) {
  const storage = await createLosingTable(azurite.connectionString);
  let now = start - 9 * day;
  const late = listed('late', 5 * hour);
  const setting = { tenantIds: [scope.tenantId], contentTypes, now: () => now, listable: [late] };
  const first = createReconciler({ ...setting, storage });
  const { ledger } = first;
  await put(ledger, { ...listed('old', 9 * day), expires: start - 2 * day }, 'forwarded');
  const checkpoint = { floor: start - 8 * hour, listedUntil: start, passes: {} };
  await ledger.writeCheckpoint(scope, checkpoint);
  now = start - day;
  await put(ledger, listed('quarantined', 2 * day), 'quarantined');
  await put(ledger, listed('quarantined-overdue', 2 * day, start - 2 * hour), 'quarantined');
  await put(ledger, listed('overdue', 30 * hour, start - 2 * hour));
  await put(ledger, listed('balanced', 6 * hour), 'forwarded');
  await put(ledger, listed('present', 4 * hour), 'forwarded');
  await put(ledger, listed('vanished', 4 * hour), 'forwarded');
  await storage.table.deleteEntity('tenant|Audit.Exchange', 'f|2026-11-20T06|vanished');
  now = start;
  storage.dieAfter(requests, applied);
  const died = await first.run().then(
    () => false,
    () => true,
  );
  now = start + 11 * minute;
  const second = createReconciler({ ...setting, storage: storage.another() });
  for (let run = 0; run < 3; run += 1) await second.run();
  const rows: string[] = [];
  for await (const { rowKey = '' } of storage.another().table.listEntities()) rows.push(rowKey);
  return { died, rows, ledger: second.ledger, events: [...first.events, ...second.events] };
}

describe('a process that dies in the middle of a run', () => {
  it.each([false, true])('loses nothing, at whichever request (the last one applied: %s)', async (applied) => {
    let requests = 0;
    for (let died = true; died; requests += 1) {
      const end = await dieIn(requests, applied);
      died = end.died;
      const contents = end.rows.filter((rowKey) => /^[ofgxq]\|/.test(rowKey)).sort();
      expect(contents, `after ${requests} requests`).toEqual([
        'f|2026-11-20T04|balanced',
        'f|2026-11-20T06|present',
        'o|2026-11-18T10|quarantined',
        'o|2026-11-20T05|late',
        'x|2026-11-18T10|quarantined-overdue',
        'x|2026-11-19T04|overdue',
      ]);
      const hours = new Map((await end.ledger.readHours(scope)).map((each) => [each.hour, each]));
      expect(hours.get('2026-11-20T04')).toMatchObject({ listed: 1, seal: { listed: 1, sums: { forwarded: 1 } } });
      expect(hours.get('2026-11-19T04')).toMatchObject({ listed: 1, seal: { listed: 1, sums: { expired: 1 } } });
      expect(hours.get('2026-11-20T06')).toMatchObject({ listed: 2, imbalance: { listed: 2, settled: 1 } });
      expect(hours.get('2026-11-20T05')).toMatchObject({ listed: 1 });
      expect(hours.has('2026-11-11T10')).toBe(false);
      for (const [event, id] of [
        ['content.settled', 'overdue'],
        ['content.settled', 'quarantined-overdue'],
        ['hour.unbalanced', '2026-11-20T06'],
      ] as const) {
        expect(told(end.events, event, id), `${event} ${id} after ${requests}`).toBeGreaterThanOrEqual(1);
        expect(told(end.events, event, id)).toBeLessThanOrEqual(end.died ? 2 : 1);
      }
    }
    expect(requests).toBeGreaterThan(20);
  });
});
