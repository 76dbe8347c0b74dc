import { describe, expect, it } from 'vitest';
import { createLedger } from '../../shared/ledger/ledger.ts';
import { expectEverythingOnce } from './expectations.ts';
import { call, jobOf, order, tableOf } from './orders.ts';
import { createReport } from './report.ts';
import { createScenario } from './scenario-world.ts';

const hour = 60;
const day = 24 * hour;
const contentType = 'Audit.Exchange';
const settings = { CONTENT_TYPES: contentType };
const report = createReport();

describe('a job', () => {
  it('of contents that are nearly 8 days old leaves their hour to be deleted in order, and is deleted itself 8 days later', async () => {
    const rarely = { LISTING_SCHEDULE: '0 0 */6 * * *', RECONCILE_SCHEDULE: '30 0 */6 * * *' };
    const world = await createScenario({ settings: { ...settings, ...rarely }, startAt: '2026-11-20T12:00:00Z' });
    for (const minute of [10, 20, 30])
      world.tenant.publish({ contentType, createdAt: world.at(minute), expiresAt: world.at(20 * day), records: 2 });
    await world.runFor(7.75 * day, 6 * hour);
    const id = await order(world, 'replay', { from: world.at(0).toISOString(), to: world.at(25).toISOString() });
    await world.runFor(12 * hour, 6 * hour);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', done: 2 });
    report('replay after nearly 8 days', await expectEverythingOnce(world, { replayed: 4 }));
    await world.runFor(2 * day, 6 * hour);
    expect(await world.states()).toMatchObject({ forwarded: 0, open: 0, listed: 0 });
    const { tenantId } = world.tenant;
    const hours = await createLedger(tableOf(world), Date.now).readHours({ tenantId, contentType });
    expect(hours.some((each) => each.hour <= '2026-11-20T12')).toBe(false);
    expect(world.events.filter(({ event }) => event === 'hour.unbalanced')).toEqual([]);
    await world.runFor(7 * day, 6 * hour);
    expect((await call(world, 'jobs')).body).toEqual({ jobs: [] });
  });

  it('of a tenant that is taken out of the settings waits until it is there again; those of others go on', async () => {
    const world = await createScenario({ settings, tenants: 2 });
    const [first, second] = world.simulator.tenants;
    if (!first || !second) throw new Error('no tenants');
    for (const tenant of [first, second]) tenant.publish({ contentType, createdAt: world.at(-10), records: 2 });
    await world.runFor(3);
    const contents = { from: world.at(-hour).toISOString() };
    const ids = [
      await order(world, 'replay', contents),
      await order(world, 'replay', { ...contents, tenant: second.tenantId }),
    ];
    await world.restart({ ...settings, TENANT_2_CLIENT_SECRET: '' });
    await world.runFor(3);
    const [one, other] = await Promise.all(ids.map((id) => jobOf(world, id)));
    expect(one).toMatchObject({ state: 'finished', done: 1 });
    expect(other).toMatchObject({ state: 'waiting', done: 0, note: expect.stringContaining('not in the settings') });
    await world.restart(settings);
    await world.runFor(3);
    expect(await jobOf(world, ids[1] ?? '')).toMatchObject({ state: 'finished', done: 1 });
    report('a job that waits for its tenant', await expectEverythingOnce(world, { replayed: 4 }));
  });

  it('that replays waits while forwarding is paused by hand', async () => {
    const world = await createScenario({ settings });
    world.tenant.publish({ contentType, createdAt: world.at(-10), records: 2 });
    await world.runFor(3);
    const tenant = world.tenant.tenantId;
    await call(world, 'pause', { tenant, confirm: true });
    const id = await order(world, 'replay', { from: world.at(-hour).toISOString() });
    await world.runFor(5);
    expect(await jobOf(world, id)).toMatchObject({ done: 0, note: expect.stringContaining('paused by hand') });
    await call(world, 'resume', { tenant, confirm: true });
    await world.runFor(5);
    expect(await jobOf(world, id)).toMatchObject({ state: 'finished', done: 1, note: '' });
    report('a replay that waits for a resume', await expectEverythingOnce(world, { replayed: 2 }));
  });
});
