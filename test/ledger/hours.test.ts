import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Hour, noSums } from '../../shared/ledger/hour-rows.ts';
import type { SettledState } from '../../shared/ledger/keys.ts';
import { noLateness } from '../../shared/ledger/lateness.ts';
import { createLedger } from '../../shared/ledger/ledger.ts';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createLosingTable } from './losing-table.ts';

const hour = 60 * 60_000;
const start = Date.parse('2026-11-20T10:20:00Z');
const scope = { tenantId: 'tenant', contentType: 'Audit.Exchange' } as const;
const comparison = { at: start, contents: 4 };
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

/** A ledger on a table of its own. */
async function aLedger() {
  const storage = await createLosingTable(azurite.connectionString);
  const ledger = createLedger(storage.table, () => start);

  /** Lists so many contents of the hour so many hours ago and settles them like this; what is left over stays open. */
  async function fill(hoursAgo: number, count: number, states: readonly SettledState[] = []) {
    const contents = Array.from({ length: count }, (_, index) => ({
      contentId: `${hoursAgo}-${index}`,
      contentUri: 'u',
      created: start - hoursAgo * hour,
      expires: start + 24 * hour,
    }));
    const { all: added } = await ledger.add(scope, contents);
    for (const [index, state] of states.entries()) {
      const content = added[index];
      const claim = content && (await ledger.claim(content, { messageId: 'm', dequeueCount: 1 }));
      if (!claim) throw new Error('not claimed');
      const sent = { records: 10, bytes: 2_000_000_000, crc32: 1 };
      await ledger.settle(claim, { state, sent, possiblyDoubled: 1, refusedRecords: [3], missing: 0 });
    }
  }

  async function readHour(name: string): Promise<Hour> {
    const found = (await ledger.readHours(scope)).find((each) => each.hour === name);
    if (!found) throw new Error(`no hour ${name}`);
    return found;
  }

  return { storage, ledger, fill, readHour };
}

describe('the contents of hours', () => {
  it('are counted by state and summed up', async () => {
    const { ledger, fill } = await aLedger();
    await fill(3, 6, ['forwarded', 'forwarded', 'gone', 'expired', 'quarantined']);
    await fill(2, 1, ['forwarded']);
    await fill(1, 1);
    const contents = await ledger.readHourContents(scope, '2026-11-20T07', '2026-11-20T08');
    expect([...contents.keys()].sort()).toEqual(['2026-11-20T07', '2026-11-20T08']);
    expect(contents.get('2026-11-20T07')).toMatchObject({
      open: 1,
      quarantined: 1,
      sums: { forwarded: 2, gone: 1, expired: 1, records: 36, refused: 4, bytes: 8_000_000_000, possiblyDoubled: 4 },
    });
    expect(contents.get('2026-11-20T07')?.rowKeys).toHaveLength(6);
    expect(contents.get('2026-11-20T08')?.rowKeys).toEqual(['f|2026-11-20T08|2-0']);
  });

  it('tell which hours have open ones', async () => {
    const { ledger, fill } = await aLedger();
    await fill(5, 2);
    await fill(4, 1, ['forwarded']);
    await fill(3, 1);
    const { open, knownBefore } = await ledger.findOpenHours(scope, '2026-11-20T05', '2026-11-20T09');
    expect([...open]).toEqual(['2026-11-20T05', '2026-11-20T07']);
    expect('2026-11-20T09' < knownBefore).toBe(true);
    await fill(2, 1_100);
    await fill(1, 1);
    const many = await ledger.findOpenHours(scope, '2026-11-20T05', '2026-11-20T09');
    expect(many.knownBefore).toBe('2026-11-20T08');
  });
});

describe('the seal of an hour', () => {
  it('is written with the sums, to hours with and without a row', async () => {
    const { ledger, fill, readHour } = await aLedger();
    await fill(3, 1, ['forwarded']);
    const empty: Hour = { hour: '2026-11-20T08', listed: 0, late: noLateness, removing: false };
    const sums = { ...noSums, forwarded: 1, records: 9, refused: 1, bytes: 5_000_000_000 };
    const seals = [
      { hour: await readHour('2026-11-20T07'), sums, lag: { meanSeconds: 60, maxSeconds: 90 }, comparison },
      { hour: empty, sums: noSums },
    ];
    expect(await ledger.sealHours(scope, seals)).toBe(true);
    expect(await ledger.readHours(scope)).toMatchObject([
      {
        hour: '2026-11-20T07',
        listed: 1,
        seal: { at: start, listed: 1, sums },
        lag: { meanSeconds: 60, maxSeconds: 90 },
        comparison,
      },
      { hour: '2026-11-20T08', listed: 0, seal: { listed: 0, sums: noSums } },
    ]);
  });

  it('is refused when a content was listed meanwhile, and does not stand in the way of one that is listed later', async () => {
    const { ledger, fill, readHour } = await aLedger();
    await fill(3, 1, ['forwarded']);
    const before = await readHour('2026-11-20T07');
    expect(await ledger.isUnchanged(scope, before)).toBe(true);
    await fill(3, 2);
    expect(await ledger.isUnchanged(scope, before)).toBe(false);
    const sums = { ...noSums, forwarded: 1 };
    expect(await ledger.sealHours(scope, [{ hour: before, sums }])).toBe(false);
    expect((await readHour('2026-11-20T07')).seal).toBeUndefined();
    const now = await readHour('2026-11-20T07');
    expect(await ledger.sealHours(scope, [{ hour: now, sums: { ...sums, forwarded: 2 } }])).toBe(true);
    await fill(3, 5);
    expect(await readHour('2026-11-20T07')).toMatchObject({ listed: 5, seal: { listed: 2 } });
  });

  it('of an hour without a row is refused when a content was listed meanwhile', async () => {
    const { ledger, fill, readHour } = await aLedger();
    const empty: Hour = { hour: '2026-11-20T07', listed: 0, late: noLateness, removing: false };
    expect(await ledger.isUnchanged(scope, empty)).toBe(true);
    await fill(3, 1);
    expect(await ledger.isUnchanged(scope, empty)).toBe(false);
    expect(await ledger.sealHours(scope, [{ hour: empty, sums: noSums }])).toBe(false);
    expect(await readHour('2026-11-20T07')).toMatchObject({ listed: 1 });
  });

  it('stands when storage repeats what it had applied', async () => {
    const { ledger, fill, storage, readHour } = await aLedger();
    await fill(3, 1, ['forwarded']);
    storage.loseNextAnswer();
    await ledger.sealHours(scope, [{ hour: await readHour('2026-11-20T07'), sums: { ...noSums, forwarded: 1 } }]);
    expect(await readHour('2026-11-20T07')).toMatchObject({ listed: 1, seal: { listed: 1 } });
  });
});

describe('an imbalance', () => {
  it('is remembered beside the count, whether or not the hour has a row', async () => {
    const { ledger, fill, readHour } = await aLedger();
    await fill(3, 2, ['forwarded']);
    await ledger.noteImbalance(scope, '2026-11-20T07', { listed: 2, settled: 1 }, comparison);
    await ledger.noteImbalance(scope, '2026-11-20T08', { listed: 0, settled: 1 });
    expect(await readHour('2026-11-20T07')).toMatchObject({
      listed: 2,
      imbalance: { at: start, listed: 2, settled: 1 },
      comparison,
    });
    expect(await readHour('2026-11-20T08')).toMatchObject({ listed: 0, imbalance: { listed: 0, settled: 1 } });
    await fill(2, 1);
    expect(await readHour('2026-11-20T08')).toMatchObject({ listed: 1 });
  });
});

describe('the removal of an hour', () => {
  it('is marked, then takes the rows, then the hour', async () => {
    const { ledger, fill, storage, readHour } = await aLedger();
    await fill(3, 3, ['forwarded', 'gone', 'expired']);
    const found = await readHour('2026-11-20T07');
    const marked = await ledger.beginRemoval(scope, found);
    if (!marked) throw new Error('not marked');
    expect(await ledger.beginRemoval(scope, found)).toBeUndefined();
    expect(await readHour('2026-11-20T07')).toEqual(marked);
    const contents = await ledger.readHourContents(scope, '2026-11-20T07', '2026-11-20T07');
    const rowKeys = contents.get('2026-11-20T07')?.rowKeys ?? [];
    expect(await ledger.removeContents(scope, rowKeys.slice(0, 2))).toBe(true);
    expect(await ledger.removeContents(scope, rowKeys)).toBe(false);
    storage.loseNextAnswer();
    await ledger.removeContents(scope, rowKeys.slice(2));
    await ledger.removeHour(scope, found);
    expect(await ledger.readHours(scope)).toHaveLength(1);
    storage.loseNextAnswer();
    await ledger.removeHour(scope, marked);
    for await (const row of storage.table.listEntities()) expect.unreachable(row.rowKey);
  });
});

describe('lost intervals', () => {
  it('are remembered by their start', async () => {
    const { ledger } = await aLedger();
    await ledger.writeLostInterval(scope, { from: start, to: start + hour });
    await ledger.writeLostInterval(scope, { from: start, to: start + 2 * hour });
    await ledger.writeLostInterval(scope, { from: start + 5 * hour, to: start + 6 * hour });
    expect(await ledger.readLostIntervals(scope)).toEqual([
      { from: start, to: start + 2 * hour },
      { from: start + 5 * hour, to: start + 6 * hour },
    ]);
  });
});

describe('listing at two places', () => {
  it('adds each content once and counts it once, whoever comes first', async () => {
    const { ledger, storage, readHour } = await aLedger();
    const other = createLedger(storage.table, () => start);
    const contents = Array.from({ length: 250 }, (_, index) => ({
      contentId: `c-${index}`,
      contentUri: 'u',
      created: start - 3 * hour,
      expires: start + 24 * hour,
    }));
    const added = await Promise.all([
      ledger.add(scope, contents.slice(0, 150)),
      ledger.add(scope, contents.slice(100, 200)),
      other.add(scope, contents.slice(150)).catch(() => ({ all: [] })),
      ledger.add(scope, contents),
    ]);
    const ids = added.flatMap(({ all }) => all.map(({ contentId }) => contentId));
    expect(new Set(ids).size).toBe(ids.length);
    await ledger.add(scope, contents);
    const found = await ledger.readHourContents(scope, '2026-11-20T07', '2026-11-20T07');
    expect(found.get('2026-11-20T07')).toMatchObject({ open: 250 });
    expect(await readHour('2026-11-20T07')).toMatchObject({ listed: 250 });
  });
});
