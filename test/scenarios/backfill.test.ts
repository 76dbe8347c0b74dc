import { describe, expect, it } from 'vitest';
import { createLedger } from '../../shared/ledger/ledger.ts';
import type { PublishedContent } from '../simulator/published-content.ts';
import { expectEverythingOnce } from './expectations.ts';
import { call, everyRow, jobOf, order, tableOf } from './orders.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const hour = 60;
const contentType = 'Audit.Exchange';
const settings = { CONTENT_TYPES: contentType, BACKFILL_HOURS: '0', LISTING_SCHEDULE: '0 */10 * * * *' };
const report = createReport();

/** One content an hour, of the hours before the world's start. */
function publishBefore(world: ScenarioWorld, hours: number): PublishedContent[] {
  return Array.from({ length: hours }, (_, index) =>
    world.tenant.publish({ contentType, createdAt: world.at(-hour * (index + 1) + 7), records: 4 }),
  );
}

const ago = (world: ScenarioWorld, hours: number) => world.at(-hour * hours).toISOString();

describe('POST /api/backfill', () => {
  it('says what it would do and changes nothing without confirm', async () => {
    const world = await createScenario({ settings });
    publishBefore(world, 30);
    await world.runFor(20, 10);
    const before = await everyRow(world);
    const { status, body } = await call(world, 'backfill', { tenant: world.tenant.tenantId, from: ago(world, 30) });
    expect(status).toBe(200);
    expect(body['would']).toMatchObject({
      kind: 'backfill',
      contents: [{ contentType, state: 'new', count: 30 }],
      total: 30,
      doubledContents: 0,
      atLeast: false,
    });
    expect(await everyRow(world)).toEqual(before);
    await world.runFor(20, 10);
    expect(world.simulator.siem.records()).toEqual([]);
  });

  it('collects a gap of 30 hours while live contents arrive, and doubles nothing', async () => {
    const world = await createScenario({ settings });
    publishBefore(world, 36);
    for (let minute = 15; minute < 9 * hour; minute += 20)
      world.tenant.publish({ contentType, createdAt: world.at(minute) });
    await world.runFor(30, 10);
    // What lies before the interval is not asked for.
    const id = await order(world, 'backfill', { from: ago(world, 30) });
    await world.runFor(30, 10);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', done: 30, note: '' });
    // The hours are judged and sealed as any other, and the passes keep to what was asked for.
    await world.runFor(9 * hour, 10);
    const { tenantId } = world.tenant;
    const hours = await createLedger(tableOf(world), Date.now).readHours({ tenantId, contentType });
    const filled = hours.filter((each) => each.hour < '2026-11-20T10');
    expect(filled.map(({ listed, seal }) => [listed, seal?.listed, seal?.sums.forwarded])).toEqual(
      Array.from({ length: 30 }, () => [1, 1, 1]),
    );
    expect(filled.every(({ comparison }) => comparison?.contents === 1)).toBe(true);
    const audit = await world.audit();
    expect(audit).toMatchObject({ missing: 6 * 4, doubled: 0, unknown: 0 });
    expect(world.events.filter(({ event }) => event === 'hour.unbalanced')).toEqual([]);
    expect(world.simulator.office.violations).toEqual([]);
    const ledger = await world.states();
    expect(ledger).toMatchObject({ open: 0, listed: world.tenant.contents.length - 6 });
    report('backfill of 30 hours beside live contents', { ...audit, ledger });
  });

  it('collects the interval that was asked for, and nothing between it and where collecting began', async () => {
    const world = await createScenario({ settings });
    const contents = publishBefore(world, 30);
    await world.runFor(10, 10);
    const to = ago(world, 20);
    await order(world, 'backfill', { from: ago(world, 30), to });
    await world.runFor(26 * hour, hour);
    const asked = contents.filter(({ createdAt }) => createdAt < Date.parse(to));
    expect(asked).toHaveLength(10);
    expect(await world.audit(world.tenant, { contents: asked })).toMatchObject({ missing: 0, doubled: 0, unknown: 0 });
    expect(await world.states()).toMatchObject({ listed: 10, forwarded: 10 });
    expect(world.events.filter(({ event }) => event === 'hour.unbalanced')).toEqual([]);
  });

  it('adds nothing a second time', async () => {
    const world = await createScenario({ settings });
    publishBefore(world, 12);
    await world.runFor(10, 10);
    await order(world, 'backfill', { from: ago(world, 12), contentType });
    await world.runFor(20, 10);
    const again = await order(world, 'backfill', { from: ago(world, 12) });
    const would = await call(world, 'backfill', { tenant: world.tenant.tenantId, from: ago(world, 12) });
    expect(would.body['would']).toMatchObject({ total: 0, contents: [{ state: 'known', count: 12 }] });
    await world.runFor(20, 10);
    expect(await jobOf(world, again)).toMatchObject({ state: 'finished', found: 12, done: 0, skipped: { known: 12 } });
    report('the same backfill twice', await expectEverythingOnce(world));
  });

  it('goes on after a restart and an outage of the listing, where it was', async () => {
    const world = await createScenario({ settings });
    world.simulator.office.pageSize = 3;
    publishBefore(world, 100);
    await world.runFor(10, 10);
    const id = await order(world, 'backfill', { from: ago(world, 100) });
    // The ordinary listing and the first pages of the backfill go through.
    const down = world.simulator.office.faults.add({
      match: { operation: 'content' },
      skip: 8,
      answer: () => ({ status: 500, headers: {} }),
    });
    await world.runFor(10, 10);
    const halfway = await jobOf(world, id);
    expect(halfway.state).toBe('running');
    expect(halfway.note).toContain(contentType);
    expect(halfway.done).toBeGreaterThan(0);
    expect(halfway.done).toBeLessThan(100);
    await world.restart();
    down.remove();
    await world.runFor(2 * hour, 10);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', note: '' });
    expect(world.events.filter(({ event }) => event === 'job.completed')).toMatchObject([{ jobId: id, done: 100 }]);
    report('a backfill over a restart and an outage', await expectEverythingOnce(world));
  });
});
