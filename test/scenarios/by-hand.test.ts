import { describe, expect, it } from 'vitest';
import { foreignContentUris } from '../simulator/api-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { call, everyRow } from './orders.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const hour = 60;
const settings = { CONTENT_TYPES: 'Audit.Exchange,Audit.General' };
const report = createReport();

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes) {
    for (const contentType of ['Audit.Exchange', 'Audit.General'] as const)
      world.tenant.publish({ contentType, createdAt: world.at(minute), records: 2 });
  }
}

const arrived = (world: ScenarioWorld) => world.simulator.siem.records().length;

describe('POST /api/pause and /api/resume', () => {
  it('says what it would do and changes nothing without confirm', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 5, -30, 0);
    await world.runFor(2);
    const before = await everyRow(world);
    const tenant = world.tenant.tenantId;
    for (const path of ['pause', 'resume']) {
      const { status, body } = await call(world, path, { tenant });
      expect([status, body['would']]).toEqual([200, expect.objectContaining({ kind: path, paused: [] })]);
    }
    expect(await everyRow(world)).toEqual(before);
  });

  it('stops forwarding while listing goes on, over a restart, and lets it go on', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 5, -30, 3 * hour);
    await world.runFor(30);
    const before = arrived(world);
    const tenant = world.tenant.tenantId;
    const paused = await call(world, 'pause', { tenant, by: 'anna', reason: 'the intake is rebuilt', confirm: true });
    expect(paused).toMatchObject({ status: 200, body: { changed: true, now: { paused: [{}, {}] } } });
    await world.runFor(hour);
    await world.restart();
    await world.runFor(hour);
    expect(arrived(world)).toBe(before);
    const { listed, open } = await world.states();
    expect(listed).toBe(world.tenant.contents.filter(({ createdAt }) => createdAt < Date.now()).length);
    expect(open).toBe(48);
    const again = await call(world, 'pause', { tenant, reason: 'another', confirm: true });
    expect(again.body).toMatchObject({ changed: false });
    expect(world.events.filter(({ event }) => event === 'pause.began')).toMatchObject([
      {
        level: 'error',
        gate: 'hand',
        code: 'paused_by_hand',
        message: expect.stringMatching(/anna: the intake is rebuilt/),
      },
    ]);
    expect(await call(world, 'resume', { tenant, confirm: true })).toMatchObject({ body: { changed: true } });
    await world.runFor(hour);
    expect(world.events.filter(({ event }) => event === 'pause.ended')).toMatchObject([
      { gate: 'hand', seconds: 7_200 },
    ]);
    report('a pause by hand', await expectEverythingOnce(world));
  });

  it('stops one content type, and no other', async () => {
    const world = await createScenario({ settings });
    const contentType = 'Audit.General';
    const tenant = world.tenant.tenantId;
    await call(world, 'pause', { tenant, contentType, confirm: true });
    publishEvery(world, 5, 0, 30);
    await world.runFor(40);
    expect(await world.states()).toMatchObject({ open: 6, forwarded: 6 });
    await call(world, 'resume', { tenant, confirm: true });
    await world.runFor(10);
    report('a pause of one type', await expectEverythingOnce(world));
  });

  it('holds while an outage comes and goes: no probe goes through, and nothing opens it', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 5, -30, 4 * hour);
    await world.runFor(10);
    const { siem } = world.simulator;
    siem.down();
    await world.runFor(20);
    const tenant = world.tenant.tenantId;
    await call(world, 'pause', { tenant, confirm: true });
    const [before, requests] = [arrived(world), siem.requests.total];
    await world.runFor(hour);
    siem.up();
    await world.runFor(hour);
    expect([arrived(world), siem.requests.total]).toEqual([before, requests]);
    await call(world, 'resume', { tenant, confirm: true });
    await world.runFor(2 * hour);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBeLessThanOrEqual(1);
    report('a pause by hand during an outage', account);
  });
});

describe('GET /api/quarantine', () => {
  it('lists what is set aside, page by page', async () => {
    const world = await createScenario({ settings });
    expect((await call(world, 'quarantine')).body).toEqual({ contents: [] });
    // An address that is not the API's: set aside at once.
    const contents = Array.from({ length: 120 }, (_, index) => {
      const contentType = index < 110 ? 'Audit.Exchange' : 'Audit.General';
      return world.tenant.publish({ contentType, createdAt: world.at(-index - 1), records: 1 });
    });
    world.simulator.office.faults.add({
      match: { operation: 'content' },
      answer: foreignContentUris(world.simulator.stranger.origin),
    });
    await world.runFor(3);
    const first = await call(world, `quarantine?tenant=${world.tenant.tenantId}`);
    const { contents: some, continuation } = first.body as { contents: object[]; continuation: string };
    expect(some).toHaveLength(100);
    expect(some[0]).toEqual({
      tenantId: world.tenant.tenantId,
      tenant: world.tenant.tenantId,
      contentType: 'Audit.Exchange',
      contentId: contents[109]?.contentId,
      code: 'address_rejected',
      remedy: expect.stringContaining('CLOUD'),
      created: '2026-11-20T08:10:00Z',
      since: expect.stringMatching(/^2026-11-20T10:0\d:\d\dZ$/),
      expires: '2026-11-27T08:10:00Z',
      attempts: 1,
      reopened: 0,
      recordsAccepted: 0,
    });
    const second = await call(world, `quarantine?tenant=${world.tenant.tenantId}&continuation=${continuation}`);
    const { contents: rest, ...more } = second.body as { contents: object[] };
    expect([rest.length, more]).toEqual([20, {}]);
    const ids = [...some, ...rest].map((each) => (each as { contentId: string }).contentId);
    expect(new Set(ids)).toEqual(new Set(contents.map(({ contentId }) => contentId)));
    const general = await call(world, 'quarantine?contentType=Audit.General');
    expect(general.body['contents']).toHaveLength(10);
  });
});
