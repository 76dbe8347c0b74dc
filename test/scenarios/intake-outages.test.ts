import { describe, expect, it } from 'vitest';
import { intakeRefused, intakeThrottled } from '../simulator/intake-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const hour = 60;
const day = 24 * hour;
const minuteMs = 60_000;
const settings = { CONTENT_TYPES: 'Audit.Exchange' };

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes)
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records: 2 });
}

describe('an outage of the destination', () => {
  it.each(['unavailable', 'reset'] as const)(
    'of three days (%s) costs a few probes; listing goes on, and the backlog follows at a rate that ramps up',
    async (how) => {
      const often = { ...settings, LISTING_SCHEDULE: '0 */10 * * * *' };
      const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */30 * * * *' } });
      const { siem, office } = world.simulator;
      publishEvery(world, 10, -30, 3 * day + hour);
      await world.runFor(30, 30);
      const before = siem.requests.total;
      const downloads = office.requests.of('download');
      siem.down({ how });
      await world.runFor(3 * day, 30);
      const during = siem.requests.total - before;
      expect(during).toBeLessThan(200);
      expect(office.requests.of('download') - downloads).toBeLessThan(200);
      const { listed, open } = await world.states();
      expect(listed).toBe(world.tenant.contents.filter(({ createdAt }) => createdAt < Date.now()).length);
      expect(open).toBeGreaterThan(400);
      siem.up();
      await world.restart(settings);
      const arrivedAt: number[] = [];
      const recovered = Date.now();
      siem.onBatch(({ at }) => arrivedAt.push((at - recovered) / minuteMs));
      await world.runFor(30);
      const first = Math.min(...arrivedAt);
      const within = (minutes: number) => arrivedAt.filter((at) => at - first < minutes).length;
      expect(within(0.5)).toBeLessThanOrEqual(1 + 8);
      expect(within(1.5)).toBeLessThanOrEqual(1 + 8 + 32);
      expect(within(10)).toBeGreaterThan(400);
      await world.restart(often);
      await world.runFor(hour, 10);
      const account = await expectEverythingOnce(world);
      expect(account.ledger.attempts).toBe(1);
      report(`intake down for three days (${how})`, account, during);
    },
  );

  it('because of a wrong key stops what is sent and nothing else, and heals with the right one', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */5 * * * *' } });
    const { siem } = world.simulator;
    publishEvery(world, 5, -60, 6 * hour);
    await world.restart({ ...settings, LISTING_SCHEDULE: '0 */5 * * * *', SEKOIA_INTAKE_KEY: 'not-the-right-one' });
    await world.runFor(5 * hour, 5);
    const during = siem.requests.total;
    expect(await world.audit()).toMatchObject({ arrived: 0 });
    expect(await world.states()).toMatchObject({ forwarded: 0, quarantined: 0 });
    expect(world.events.filter(({ event }) => event === 'pause.began')).toMatchObject([
      { gate: 'destination', code: 'destination_refused_key' },
    ]);
    await world.restart({ ...settings, LISTING_SCHEDULE: '0 */5 * * * *' });
    await world.runFor(90, 5);
    report('five hours with a wrong intake key', await expectEverythingOnce(world), during);
  });

  it.each([
    ['429 with Retry-After', intakeThrottled(900)],
    ['429 without', intakeThrottled()],
    ['408', intakeRefused(408)],
    ['500', intakeRefused(500)],
    ['404', intakeRefused(404)],
  ])('for two hours (%s) is waited for', async (name, answer) => {
    const world = await createScenario({ settings });
    const { siem } = world.simulator;
    publishEvery(world, 4, -20, 3 * hour);
    await world.runFor(3);
    const before = siem.requests.total;
    const fault = siem.faults.add({ answer });
    await world.runFor(2 * hour);
    const during = siem.requests.total - before;
    expect(during).toBeLessThan(30);
    fault.remove();
    if (name.includes('with Retry-After')) {
      const moments = [...new Set(siem.requests.log.filter(({ status }) => status === 429).map(({ at }) => at))];
      const gaps = moments.slice(1).map((at, index) => (at - (moments[index] ?? 0)) / minuteMs);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15);
    }
    await world.runFor(hour);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report(`two hours of ${name}`, account, during);
  });
});
