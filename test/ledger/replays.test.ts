import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContentMessage, writeContentMessage } from '../../shared/dispatching/content-message.ts';
import type { SettledState } from '../../shared/ledger/keys.ts';
import { createLedger } from '../../shared/ledger/ledger.ts';
import type { OpenContent } from '../../shared/ledger/open-content.ts';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createLosingTable } from './losing-table.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-20T10:20:00Z');
const scope = { tenantId: 'tenant', contentType: 'Audit.Exchange' } as const;
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

  /** One content every ten minutes, settled. */
  async function settled(count: number, state: SettledState = 'forwarded') {
    const contents = Array.from({ length: count }, (_, index) => ({
      contentId: `content/${index}`,
      contentUri: `https://manage.office.com/${index}`,
      created: start - hour + index * 10 * minute,
      expires: start + 24 * hour,
    }));
    const { all } = await ledger.add(scope, contents);
    for (const content of all) await settle(content, state);
  }

  async function settle(content: OpenContent, state: SettledState) {
    const claim = await ledger.claim(content, { messageId: `m${clock.now}`, dequeueCount: 1 });
    if (!claim) throw new Error('not claimed');
    const sent = { records: 7, bytes: 700, crc32: 5 };
    await ledger.settle(claim, { state, sent, possiblyDoubled: 2, refusedRecords: [1, 4], missing: 2 });
  }

  async function theForwarded() {
    const all = await ledger.readSettled({ scope, state: 'forwarded', from: 0, to: start }, 10);
    const [content] = all;
    if (!content) throw new Error('not forwarded');
    return content;
  }

  async function theOpen() {
    const [content] = await ledger.due(scope, 10);
    if (!content) throw new Error('not open');
    return content;
  }

  return { clock, storage, ledger, settled, settle, theForwarded, theOpen };
}

describe('settled contents', () => {
  it('are read by state and time, page by page', async () => {
    const { ledger, settled } = await aLedger();
    await settled(9);
    const range = { scope, state: 'forwarded', from: start - 50 * minute, to: start + 10 * minute } as const;
    const first = await ledger.readSettled(range, 4);
    const second = await ledger.readSettled({ ...range, after: first.at(-1)?.rowKey }, 4);
    const ids = [...first, ...second].map(({ contentId }) => contentId);
    expect(ids).toEqual([1, 2, 3, 4, 5, 6].map((index) => `content/${index}`));
    expect(await ledger.readSettled({ ...range, state: 'gone' }, 4)).toEqual([]);
    expect(await ledger.readSettled({ ...range, to: range.from }, 4)).toEqual([]);
  });
});

describe('opening a content again', () => {
  it('begins from its first record, and keeps what had been accepted through every state that follows', async () => {
    const { ledger, settled, settle, theForwarded, theOpen } = await aLedger();
    await settled(1);
    expect(await ledger.openAgain([await theForwarded()], 'job-1')).toBe(1);
    const open = await theOpen();
    expect(open).toMatchObject({
      sent: { records: 0, bytes: 0, crc32: 0 },
      attempts: 0,
      missing: 0,
      reopened: 0,
      refusedRecords: [],
      possiblyDoubled: 2,
      replay: { job: 'job-1', times: 1, records: 5 },
    });
    const { content } = readContentMessage(writeContentMessage({ content: open, probe: false }));
    expect(content.replay).toEqual(open.replay);
    await settle(content, 'quarantined');
    const { quarantined } = await ledger.findUnfinished(scope, 0, 10);
    const [set] = quarantined;
    if (!set) throw new Error('not quarantined');
    await ledger.reopen(set, 9, 'reconcile');
    await settle(await theOpen(), 'forwarded');
    await ledger.openAgain([await theForwarded()], 'job-2');
    expect((await theOpen()).replay).toEqual({ job: 'job-2', times: 2, records: 10 });
  });

  it('takes the seal off its hour, and keeps its count', async () => {
    const { ledger, settled, theForwarded, theOpen, settle, clock } = await aLedger();
    await settled(1);
    const seal = async () => {
      const [found] = await ledger.readHours(scope);
      const contents = await ledger.readHourContents(scope, '2026-11-20T09', '2026-11-20T09');
      if (!found) throw new Error('no hour');
      return { hour: found, sums: contents.get(found.hour)?.sums ?? expect.unreachable() };
    };
    expect(await ledger.sealHours(scope, [await seal()])).toBe(true);
    const [sealed] = await ledger.readHours(scope);
    expect(sealed).toMatchObject({ listed: 1, seal: { listed: 1 } });
    // Whoever has read the hour before cannot seal it.
    const stale = await seal();
    await ledger.openAgain([await theForwarded()], 'job');
    expect(await ledger.sealHours(scope, [stale])).toBe(false);
    const [unsealed] = await ledger.readHours(scope);
    expect(unsealed).toMatchObject({ listed: 1, seal: { listed: -1 } });
    clock.now += minute;
    await settle(await theOpen(), 'gone');
    expect(await ledger.sealHours(scope, [await seal()])).toBe(true);
    const [again] = await ledger.readHours(scope);
    expect(again).toMatchObject({ listed: 1, seal: { listed: 1, sums: { forwarded: 0, gone: 1 } } });
  });

  it('leaves the lag of its hour as it was: what was sent long ago is not late', async () => {
    const { ledger, settled, theForwarded, theOpen, settle, clock } = await aLedger();
    await settled(2);
    const lag = async () =>
      (await ledger.readHourContents(scope, '2026-11-20T09', '2026-11-20T09')).get('2026-11-20T09')?.lag;
    expect(await lag()).toEqual({ meanSeconds: 55 * 60, maxSeconds: 60 * 60 });
    await ledger.openAgain([await theForwarded()], 'job');
    clock.now += 5 * 24 * hour;
    await settle(await theOpen(), 'forwarded');
    expect(await lag()).toEqual({ meanSeconds: 50 * 60, maxSeconds: 50 * 60 });
    await ledger.openAgain(
      await ledger.readSettled({ scope, state: 'forwarded', from: 0, to: start }, 10),
      'another job',
    );
    clock.now += hour;
    for (const content of await ledger.due(scope, 10)) await settle(content, 'forwarded');
    expect(await lag()).toBeUndefined();
  });

  it('is done once, and known as done when storage repeats what it had applied', async () => {
    const { ledger, settled, settle, theForwarded, theOpen, storage, clock } = await aLedger();
    await settled(1);
    const found = await theForwarded();
    clock.now += minute;
    // By the time it is repeated, the content has been sent and settled.
    storage.loseNextAnswer(async () => settle(await theOpen(), 'forwarded'));
    expect(await ledger.openAgain([found], 'job-1')).toBe(1);
    expect((await theForwarded()).row).toMatchObject({ replayed: 1, replayedRecords: 5, replayJob: 'job-1' });
    storage.loseNextAnswer();
    expect(await ledger.openAgain([await theForwarded()], 'job-2')).toBe(1);
    expect(await ledger.openAgain([found], 'job-3')).toBe(0);
    expect(await ledger.due(scope, 10)).toHaveLength(1);
  });

  it('is noticed by whoever lists the hour meanwhile: nothing is listed twice', async () => {
    const { ledger, settled, theForwarded, storage, clock } = await aLedger();
    await settled(1);
    const another = createLedger(storage.another().table, () => clock.now);
    const listed = { contentId: 'content/0', contentUri: 'u', created: start - hour, expires: start };
    await another.add(scope, [{ ...listed, contentId: 'late' }]);
    await ledger.openAgain([await theForwarded()], 'job');
    const { all } = await another.add(scope, [listed, { ...listed, contentId: 'later' }]);
    expect(all.map(({ contentId }) => contentId)).toEqual(['later']);
    const [hourOf] = await ledger.readHours(scope);
    expect(hourOf?.listed).toBe(3);
  });

  it('opens all that are there, in as many transactions as it takes', async () => {
    const { ledger, settled, storage } = await aLedger();
    await settled(6);
    const found = await ledger.readSettled({ scope, state: 'forwarded', from: 0, to: start }, 10);
    const hour = found.filter(({ rowKey }) => rowKey.startsWith('f|2026-11-20T09'));
    expect(hour.length).toBeGreaterThan(2);
    const [gone, ...rest] = hour;
    await storage.table.deleteEntity('tenant|Audit.Exchange', gone?.rowKey ?? '');
    expect(await ledger.openAgain(hour, 'job')).toBe(rest.length);
    expect((await ledger.due(scope, 10)).map(({ contentId }) => contentId)).toEqual(
      rest.map(({ contentId }) => contentId),
    );
  });
});
