import { describe, expect, it } from 'vitest';
import { errorWithStatus200, serverError } from '../simulator/api-faults.ts';
import type { FaultAnswer } from '../simulator/faults.ts';
import { htmlPage, redirectTo, resetBeforeAnswer } from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const hour = 60;
const settings = { CONTENT_TYPES: 'Audit.Exchange,Audit.General' };

/** Every way in which the API, or what stands in front of it, has been seen to fail as a whole. */
function outages(world: ScenarioWorld): readonly FaultAnswer[] {
  return [
    serverError(),
    serverError({ status: 503, body: 'html' }),
    serverError({ status: 502, body: 'text' }),
    serverError({ status: 504, body: 'empty', retryAfter: 60 }),
    serverError({ status: 500, code: 'AF50006' }),
    errorWithStatus200('AF50005'),
    htmlPage(200),
    resetBeforeAnswer(),
    redirectTo(`${world.simulator.stranger.origin}/blob`),
  ];
}

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes) {
    for (const contentType of ['Audit.Exchange', 'Audit.General'] as const)
      world.tenant.publish({ contentType, createdAt: world.at(minute), records: 3 });
  }
}

describe('an outage of the API', () => {
  it('of nine hours, an hour of each kind, costs a few requests and no attempt', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */10 * * * *' } });
    publishEvery(world, 30, -3 * hour, 11 * hour);
    await world.runFor(20, 10);
    const before = world.simulator.office.requests.total;
    for (const answer of outages(world)) {
      const fault = world.simulator.office.faults.add({ answer });
      await world.runFor(hour, 10);
      fault.remove();
    }
    const during = world.simulator.office.requests.total - before;
    expect(during).toBeLessThan(100);
    await world.runFor(2 * hour, 10);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report('nine hours, an hour of each kind of failure', account, during);
  });

  it.each([
    ['internal faults', 0],
    ['reset connections', 7],
    ['a web page with HTTP 200', 6],
    ['redirects', 8],
  ])('of its downloads alone, for a day, uses up no content: %s', async (name, kind) => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */20 * * * *' } });
    publishEvery(world, 90, -3 * hour, 24 * hour);
    await world.runFor(20, 20);
    const answer = outages(world)[kind];
    if (!answer) throw new Error(`there is no outage ${kind}`);
    const fault = world.simulator.office.faults.add({ match: { operation: 'download' }, answer });
    await world.runFor(24 * hour, 20);
    const { hits } = fault;
    fault.remove();
    await world.runFor(4 * hour, 20);
    report(`a day of ${name} for downloads`, await expectEverythingOnce(world), hits);
  });

  it('of a day, met by a single content, does not use it up', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */20 * * * *' } });
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5) });
    const fault = world.simulator.office.faults.add({ match: { operation: 'download' }, answer: serverError() });
    await world.runFor(24 * hour, 20);
    const { hits } = fault;
    expect(await world.states()).toMatchObject({ open: 1 });
    fault.remove();
    await world.runFor(40, 20);
    report('a day of HTTP 500 for the only content', await expectEverythingOnce(world), hits);
  });

  it('for one content type delays no other', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 3, -60, 60);
    await world.runFor(3);
    const fault = world.simulator.office.faults.add({
      match: ({ contentType, operation }) => contentType === 'Audit.General' && operation !== 'download',
      answer: serverError(),
    });
    for (let minute = 3; minute < 48; minute += 3) {
      await world.runFor(3);
      const others = world.tenant.contents.filter(
        ({ contentType, createdAt }) => contentType === 'Audit.Exchange' && createdAt < Date.now(),
      );
      expect(await world.audit(world.tenant, { contents: others })).toMatchObject({ missing: 0 });
    }
    const { hits } = fault;
    expect(hits).toBeLessThan(12);
    fault.remove();
    await world.runFor(25);
    report('45 minutes of HTTP 500 for listing one type', await expectEverythingOnce(world), hits);
  });
});
