import { describe, expect, it } from 'vitest';
import { intakeRefused, intakeThrottled } from '../simulator/intake-faults.ts';
import { resetBeforeAnswer } from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const hour = 60;
const day = 24 * hour;
const minuteMs = 60_000;
const settings = { CONTENT_TYPES: 'Audit.Exchange', RECONCILE_SCHEDULE: '30 0 * * * *' };

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes)
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records: 2 });
}

describe('an outage of the destination', () => {
  it('of three days costs a few probes; listing goes on, and the backlog follows at a rate that ramps up', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */30 * * * *' } });
    const { siem, office } = world.simulator;
    publishEvery(world, 20, -30, 3 * day + hour);
    await world.runFor(30, 30);
    const before = siem.requests.total;
    const downloads = office.requests.of('download');
    siem.down();
    await world.runFor(3 * day, 30);
    const during = siem.requests.total - before;
    expect(during).toBeLessThan(200);
    expect(office.requests.of('download') - downloads).toBeLessThan(200);
    const { listed, open } = await world.states();
    expect(listed).toBe(world.tenant.contents.filter(({ createdAt }) => createdAt < Date.now()).length);
    expect(open).toBeGreaterThan(200);

    siem.up();
    await world.restart(settings);
    const arrivals: number[] = [];
    siem.onBatch(({ at }) => arrivals.push(at));
    // The pause may have 19 minutes to go.
    await world.runFor(30);
    const first = Math.min(...arrivals);
    const within = (minutes: number) => arrivals.filter((at) => at - first < minutes * minuteMs).length;
    // The probe, then 8 at a time, doubling every half minute.
    expect(within(0.5)).toBeLessThanOrEqual(1 + 8);
    expect(within(1.5)).toBeLessThanOrEqual(1 + 8 + 32);
    expect(within(5)).toBeGreaterThan(200);
    await world.runFor(hour);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report('intake down for three days', account, during);
  });

  it('because of a wrong key stops what is sent and nothing else, and heals with the right one', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */10 * * * *' } });
    const { siem } = world.simulator;
    publishEvery(world, 10, -60, 6 * hour);
    await world.restart({ ...settings, LISTING_SCHEDULE: '0 */10 * * * *', SEKOIA_INTAKE_KEY: 'not-the-right-one' });
    await world.runFor(5 * hour, 10);
    const during = siem.requests.total;
    expect(await world.audit()).toMatchObject({ arrived: 0 });
    expect(await world.states()).toMatchObject({ forwarded: 0, quarantined: 0 });
    expect(world.events.filter(({ event }) => event === 'pause.began')).toMatchObject([
      { gate: 'destination', code: 'destination_refused_key' },
    ]);
    await world.restart({ ...settings, LISTING_SCHEDULE: '0 */10 * * * *' });
    await world.runFor(90, 10);
    report('five hours with a wrong intake key', await expectEverythingOnce(world), during);
  });

  it('for one content alone delays the others only until they have shown that it is the one', async () => {
    const world = await createScenario({ settings });
    const { siem } = world.simulator;
    const bad = world.tenant.publish({
      contentType: 'Audit.Exchange',
      createdAt: world.at(-5),
      records: [Buffer.from('{"Id":"bad"}')],
    });
    publishEvery(world, 5, -30, 3 * hour);
    siem.refuseRecord = (line) => line.includes('"Id":"bad"');
    siem.faults.add({
      async answer(real) {
        const answer = await real();
        return answer.status === 400 ? { ...answer, status: 500 } : answer;
      },
    });
    await world.runFor(30);
    for (let minutes = 30; minutes < 3 * hour; minutes += 15) {
      await world.runFor(15);
      const due = world.tenant.contents.filter(
        (content) => content !== bad && content.createdAt < Date.now() - minuteMs,
      );
      expect(await world.audit(world.tenant, { contents: due })).toMatchObject({ missing: 0 });
    }
    // Ten attempts take more than four hours, whatever the jitter of the waits between them.
    report('500 for one content', await expectEverythingOnce(world, { except: [bad], states: { open: 1 } }));
  });

  it('with any other answer is waited for, and Retry-After is heeded', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */2 * * * *' } });
    const { siem } = world.simulator;
    const answers = [
      intakeThrottled(900),
      intakeThrottled(),
      intakeRefused(408),
      intakeRefused(500),
      intakeRefused(404),
      resetBeforeAnswer(),
    ];
    publishEvery(world, 6, -20, answers.length * 90);
    await world.runFor(4, 2);
    let during = 0;
    for (const [index, answer] of answers.entries()) {
      const before = siem.requests.total;
      const fault = siem.faults.add({ answer });
      await world.runFor(hour, 2);
      fault.remove();
      expect(siem.requests.total - before).toBeLessThan(15);
      during += siem.requests.total - before;
      if (index === 0) {
        const moments = [...new Set(siem.requests.log.filter(({ status }) => status === 429).map(({ at }) => at))];
        const gaps = moments.slice(1).map((at, place) => (at - (moments[place] ?? 0)) / minuteMs);
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15);
      }
      await world.runFor(hour / 2, 2);
    }
    const account = await expectEverythingOnce(world, { doubled: 0 });
    report('an hour each of 429, 408, 500, 404, resets', account, during);
  });
});
