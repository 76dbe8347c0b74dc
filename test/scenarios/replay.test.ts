import { describe, expect, it } from 'vitest';
import { createLedger } from '../../shared/ledger/ledger.ts';
import { contentExpired, contentMissing } from '../simulator/api-faults.ts';
import type { PublishedContent } from '../simulator/published-content.ts';
import { changedBody, truncatedBody } from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { call, everyRow, jobOf, order, tableOf } from './orders.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const hour = 60;
const contentType = 'Audit.Exchange';
const settings = { CONTENT_TYPES: contentType, LISTING_SCHEDULE: '0 */10 * * * *' };
const report = createReport();

/** How often each record of a content has arrived: the same for all of them. */
async function copies(world: ScenarioWorld, content: PublishedContent): Promise<number> {
  const { multiset } = world.simulator.siem.arrived(world.tenant);
  const counts = new Set(content.records.map((record) => multiset.count(record)));
  expect(counts.size).toBe(1);
  return [...counts][0] ?? 0;
}

async function copiesOf(world: ScenarioWorld, contents: readonly PublishedContent[]): Promise<number[]> {
  return Promise.all(contents.map((content) => copies(world, content)));
}

async function hoursOf(world: ScenarioWorld) {
  const { tenantId } = world.tenant;
  return createLedger(tableOf(world), Date.now).readHours({ tenantId, contentType });
}

const time = (world: ScenarioWorld, minutes: number) => world.at(minutes).toISOString();

describe('POST /api/replay', () => {
  it('sends the forwarded contents of an interval again, no others, and the hours balance and are sealed again', async () => {
    const world = await createScenario({ settings: { ...settings, BACKFILL_HOURS: '5' } });
    const contents = Array.from({ length: 12 }, (_, index) =>
      world.tenant.publish({ contentType, createdAt: world.at(-20 * index - 5), records: 3 + index }),
    );
    await world.runFor(3.5 * hour, 10);
    const sealed = await hoursOf(world);
    expect(sealed.filter(({ listed, seal }) => listed > 0 && seal?.listed === listed)).toHaveLength(4);
    const range = { from: time(world, -2 * hour), to: time(world, -hour) };
    const inside = contents.filter(
      ({ createdAt }) => createdAt >= world.at(-2 * hour).getTime() && createdAt < world.at(-hour).getTime(),
    );
    const records = inside.reduce((sum, content) => sum + content.records.length, 0);

    const before = await everyRow(world);
    const asked = await call(world, 'replay', { tenant: world.tenant.tenantId, ...range });
    expect(asked.body['would']).toMatchObject({
      contents: [{ contentType, state: 'forwarded', count: 3, expired: 0 }],
      total: 3,
      doubledContents: 3,
      doubledRecords: records,
      atLeast: false,
    });
    expect(await everyRow(world)).toEqual(before);

    const id = await order(world, 'replay', range);
    await world.runFor(10, 10);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', found: 3, done: 3, skipped: {} });
    expect((await hoursOf(world)).filter(({ listed, seal }) => seal && seal.listed !== listed)).toHaveLength(1);
    await world.runFor(30, 10);
    expect(await copiesOf(world, contents)).toEqual(contents.map((content) => (inside.includes(content) ? 2 : 1)));
    // What is forwarded next brings the sums of before into the log.
    world.tenant.publish({ contentType, createdAt: new Date(Date.now()) });
    await world.runFor(20, 10);
    const sums = world.events.filter(({ event }) => event === 'forwarding.sums');
    const logged = (name: string) => sums.reduce((sum, each) => sum + Number(each[name]), 0);
    expect([logged('replayedContents'), logged('replayedRecords')]).toEqual([3, records]);
    const account = await expectEverythingOnce(world, { replayed: records });
    report('replay of an interval', account);
    // Each content counts once: what stands twice is counted apart.
    const after = new Map((await hoursOf(world)).map((each) => [each.hour, each]));
    for (const { hour, listed, seal } of sealed)
      expect(after.get(hour)).toMatchObject({
        listed,
        ...(seal && { seal: { listed: seal.listed, sums: seal.sums } }),
      });
    const rows = (await everyRow(world)) as { rowKey: string; replayed?: number; replayedRecords?: number }[];
    const replayed = rows.filter((row) => row.replayed !== undefined);
    expect(replayed.every((row) => row.rowKey.startsWith('f|') && row.replayed === 1)).toBe(true);
    expect(replayed.reduce((sum, row) => sum + (row.replayedRecords ?? 0), 0)).toBe(records);
    expect(world.events.filter(({ event }) => event === 'hour.unbalanced')).toEqual([]);
    expect(world.events.filter(({ event }) => event === 'job.completed')).toMatchObject([{ jobId: id, done: 3 }]);
  });

  it('opens contents by their ids, gone, expired and quarantined ones too, and counts those that it did not find', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */30 * * * *' } });
    const [large, gone, over, fine, other] = [1_500, 5, 6, 7, 8].map((records, index) =>
      world.tenant.publish({ contentType, createdAt: world.at(-index - 5), records }),
    );
    if (!large || !gone || !over || !fine || !other) throw new Error('nothing published');
    const { faults } = world.simulator.office;
    const of = ({ contentId }: PublishedContent) => ({ operation: 'download', contentId });
    const changed = changedBody((body) => Buffer.from(body.toString().replaceAll('"Operation"', '"Operetion"')));
    // Its first batches arrive, and then it is another content.
    faults.add({ match: of(large), times: 1, answer: truncatedBody(1_500_000) });
    const spoilt = [
      faults.add({ match: of(large), answer: changed }),
      faults.add({ match: of(gone), answer: contentMissing() }),
      faults.add({ match: of(over), answer: contentExpired() }),
    ];
    await world.runFor(30 * hour, 30);
    expect(await world.states()).toMatchObject({ gone: 1, expired: 1, quarantined: 1, forwarded: 2 });
    const sentOfLarge = world.simulator.siem.records().length - 7 - 8;
    expect(sentOfLarge).toBeGreaterThan(100);
    for (const fault of spoilt) fault.remove();
    const contentIds = [large, gone, over, fine].map(({ contentId }) => contentId);
    const fields = { contentIds: [...contentIds, 'never-heard-of-it'] };
    const asked = await call(world, 'replay', { tenant: world.tenant.tenantId, ...fields });
    expect(asked.body['would']).toMatchObject({ total: 4, doubledContents: 2, doubledRecords: sentOfLarge + 7 });
    const id = await order(world, 'replay', fields);
    await world.runFor(2 * hour, 30);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', found: 4, done: 4, skipped: { missing: 1 } });
    expect(await copiesOf(world, [gone, over, fine, other])).toEqual([1, 1, 2, 1]);
    report('replay by content id', await expectEverythingOnce(world, { replayed: sentOfLarge + 7 }));
    await world.runFor(3 * hour, 30);
    const hours = await hoursOf(world);
    expect(hours.find(({ listed }) => listed === 5)?.seal).toMatchObject({
      listed: 5,
      sums: { forwarded: 5, gone: 0 },
    });
    expect(world.events.filter(({ event }) => event === 'hour.unbalanced')).toEqual([]);
  });

  it('leaves alone what has expired, and counts it', async () => {
    const world = await createScenario({ settings });
    const soon = world.tenant.publish({ contentType, createdAt: world.at(-5), expiresAt: world.at(2 * hour) });
    const later = world.tenant.publish({ contentType, createdAt: world.at(-6), expiresAt: world.at(20 * hour) });
    await world.runFor(3 * hour, 10);
    const range = { from: time(world, -hour), to: time(world, 0), states: ['forwarded'] };
    const asked = await call(world, 'replay', { tenant: world.tenant.tenantId, ...range });
    expect(asked.body['would']).toMatchObject({ contents: [{ count: 2, expired: 1 }], total: 1 });
    const id = await order(world, 'replay', range);
    await world.runFor(30, 10);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', found: 2, done: 1, skipped: { expired: 1 } });
    expect(await copiesOf(world, [soon, later])).toEqual([1, 2]);
    report('replay of what has expired', await expectEverythingOnce(world, { replayed: later.records.length }));
  });

  it('goes on after a restart, opens a few hundred a run, and opens nothing twice', async () => {
    const world = await createScenario({ settings });
    const contents = Array.from({ length: 700 }, (_, index) =>
      world.tenant.publish({ contentType, createdAt: world.at(-1 - index), records: 1 }),
    );
    await world.runFor(20, 10);
    const id = await order(world, 'replay', { from: time(world, -24 * hour), states: ['forwarded'] });
    await world.runFor(10, 10);
    const first = await jobOf(world, id);
    expect(first).toMatchObject({ state: 'running', found: 300, done: 300 });
    // As if the process had died before it noted what it had done; by now all of that has been sent again.
    await tableOf(world).updateEntity({ partitionKey: 'job', rowKey: id, cursors: '{}', found: 0, done: 0 }, 'Merge');
    for (const _ of [1, 2]) {
      await world.restart();
      await world.runFor(10, 10);
    }
    expect(await jobOf(world, id)).toMatchObject({
      state: 'finished',
      found: 700,
      done: 400,
      skipped: { already: 300 },
    });
    await world.runFor(20, 10);
    expect(new Set(await copiesOf(world, contents))).toEqual(new Set([2]));
    report('replay of 700 contents over restarts', await expectEverythingOnce(world, { replayed: 700 }));
  });

  it('ends when it is cancelled, and what it has opened is sent', async () => {
    const world = await createScenario({ settings });
    for (let index = 0; index < 350; index += 1)
      world.tenant.publish({ contentType, createdAt: world.at(-1 - index), records: 1 });
    await world.runFor(20, 10);
    const id = await order(world, 'replay', { from: time(world, -24 * hour) });
    await world.runFor(10, 10);
    const { status, body } = await call(world, `jobs/${id}`, undefined, 'DELETE');
    expect([status, body['job']]).toEqual([200, expect.objectContaining({ id, state: 'cancelled' })]);
    await world.runFor(30, 10);
    const job = await jobOf(world, id);
    expect(job.state).toBe('cancelled');
    expect(job.done).toBeLessThan(350);
    report('a cancelled replay', await expectEverythingOnce(world, { replayed: job.done }));
    expect((await call(world, 'jobs/20261120T000000-none', undefined, 'DELETE')).status).toBe(404);
  });

  it('waits while live contents wait, and keeps fresh ones waiting for no more than its bound', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 * * * * *' } });
    for (let index = 0; index < 400; index += 1)
      world.tenant.publish({ contentType, createdAt: world.at(-1 - index), records: 1 });
    await world.runFor(5);
    // A backlog: the destination is down for a while.
    const down = world.simulator.siem.faults.add({ answer: () => ({ status: 503, headers: {} }) });
    for (let index = 0; index < 150; index += 1)
      world.tenant.publish({ contentType, createdAt: world.at(5), visibleFrom: world.at(6), records: 1 });
    await world.runFor(3);
    const id = await order(world, 'replay', { from: time(world, -24 * hour), to: time(world, 0) });
    await world.runFor(5);
    expect(await jobOf(world, id)).toMatchObject({ done: 0, note: expect.stringContaining('they go first') });
    down.remove();
    // What is fresh goes by what the job has opened, run by run.
    let beside = 0;
    for (let minute = 0; minute < 60 && (await jobOf(world, id)).state !== 'finished'; minute += 2) {
      const fresh = world.tenant.publish({ contentType, createdAt: new Date(Date.now()), records: 1 });
      await world.runFor(2);
      if ((await jobOf(world, id)).done === 0) continue;
      expect(await copies(world, fresh)).toBe(1);
      beside += 1;
    }
    expect(beside).toBeGreaterThan(0);
    await world.runFor(20);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', done: 400 });
    const account = await expectEverythingOnce(world, { doubled: 8, replayed: 400 });
    report('replay beside a backlog', account);
  });
});
