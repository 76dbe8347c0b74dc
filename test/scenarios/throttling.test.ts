import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { throttled } from '../simulator/api-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange' };
const minuteMs = 60_000;

function publishOne(world: ScenarioWorld, minute: number): void {
  world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records: 2 });
}

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes)
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records: 3 });
}

/** The moments at which the API was asked since a time of the world, in minutes since the world's start. */
function momentsOfRequests(world: ScenarioWorld, since: number): number[] {
  const start = world.at(0).getTime();
  const times = world.simulator.office.requests.log.map(({ at }) => (at - start) / minuteMs);
  return [...new Set(times.filter((time) => time >= since))];
}

describe('throttling', () => {
  const ways = [
    { status: 403 },
    { status: 429 },
    { status: 403, retryAfter: 600 },
    { status: 429, retryAfter: 600 },
  ] as const;

  it.each(ways)('pauses the whole tenant, costs no attempt and loses nothing: %j', async (way) => {
    const world = await createScenario({ settings });
    publishEvery(world, 2, -20, 35);
    await world.runFor(3);
    const before = world.simulator.office.requests.total;
    const fault = world.simulator.office.faults.add({ answer: throttled(way) });
    await world.runFor(21);
    const during = world.simulator.office.requests.total - before;
    fault.remove();
    expect(fault.hits).toBe(during);
    const moments = momentsOfRequests(world, 4);
    const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
    if ('retryAfter' in way) expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
    // 30 seconds that double: after 0, 1, 2, 4 and 8 minutes, give or take a minute each.
    expect(during).toBeLessThanOrEqual('retryAfter' in way ? 3 : 6);
    await world.runFor(20);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report(`throttled for 20 minutes: ${JSON.stringify(way)}`, account, during);
    expect(world.events.filter(({ level }) => level === 'error').map(({ event, code }) => [event, code])).toEqual(
      expect.arrayContaining([['pause.began', 'api_throttled']]),
    );
  });

  it('of downloads alone lets few of them through, and costs no attempt', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 2, -60, 70);
    const fault = world.simulator.office.faults.add({
      match: { operation: 'download' },
      answer: throttled(),
    });
    await world.runFor(40);
    const { hits } = fault;
    fault.remove();
    expect(hits).toBeLessThan(80);
    await world.runFor(35);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report('downloads throttled for 40 minutes', account, hits);
  });
});

describe('a destination that takes four requests at a time, and answers 429 to more', () => {
  it('is hardly ever asked for more, once that has been found out', async () => {
    const world = await createScenario({ settings });
    let inside = 0;
    let refused: number[] = [];
    world.simulator.siem.faults.add({
      async answer(real) {
        inside += 1;
        try {
          if (inside > 4) {
            refused.push(Date.now());
            return { status: 429, headers: {} };
          }
          await delay(20);
          return await real();
        } finally {
          inside -= 1;
        }
      },
    });
    for (let minute = -60; minute < 90; minute += 1) {
      for (let each = 0; each < 10; each += 1) publishOne(world, minute + each / 10);
    }
    await world.runFor(30);
    refused = [];
    await world.runFor(60);
    // Ten minutes after the last time, one more is tried; all that go on at that moment may be refused.
    expect(new Set(refused.map((at) => Math.floor(at / (10 * minuteMs)))).size).toBeLessThanOrEqual(7);
    expect(refused.length).toBeLessThanOrEqual(14);
    await world.runFor(20);
    report('four requests at a time', await expectEverythingOnce(world), refused.length);
  });
});
