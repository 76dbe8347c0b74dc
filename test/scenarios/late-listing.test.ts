import { describe, expect, it } from 'vitest';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario } from './scenario-world.ts';

const report = createReport();
const hour = 60;
const day = 24 * hour;

describe('a content that becomes listable late', () => {
  it('is found, whether it was hidden for minutes or for 23 hours, the sooner the less it was hidden', async () => {
    const step = 20;
    const world = await createScenario({
      settings: { CONTENT_TYPES: 'Audit.Exchange', LISTING_SCHEDULE: `0 */${step} * * * *` },
    });
    await world.runFor(step, step);
    const hidden = [
      { late: 3, foundWithin: step },
      { late: 20, foundWithin: step },
      { late: 55, foundWithin: hour },
      { late: 2 * hour, foundWithin: hour },
      { late: 5 * hour, foundWithin: hour },
      { late: 8 * hour, foundWithin: 6 * hour },
      { late: 15 * hour, foundWithin: 6 * hour },
      { late: 20 * hour, foundWithin: day },
      { late: 23 * hour, foundWithin: day },
    ].map((how, index) => {
      const createdAt = world.at(21 + 40 * index);
      const visibleFrom = world.at(21 + 40 * index + how.late);
      world.tenant.publish({ contentType: 'Audit.Exchange', createdAt });
      return { ...how, content: world.tenant.publish({ contentType: 'Audit.Exchange', createdAt, visibleFrom }) };
    });
    const arrivedAt = new Map<string, number>();
    world.simulator.siem.onBatch(({ lines, at }) => arrivedAt.set(String(lines[0]), at));
    await world.runFor(40 * hidden.length + 2 * day, step);
    report('late by 3 minutes to 23 hours', await expectEverythingOnce(world));
    for (const { late, foundWithin, content } of hidden) {
      const arrived = arrivedAt.get(String(content.records[0])) ?? Number.POSITIVE_INFINITY;
      const minutes = (arrived - content.visibleFrom) / 60_000;
      expect(minutes, `late by ${late} minutes`).toBeLessThanOrEqual(foundWithin + step);
    }
    const latest = world.events.map(({ maxLatenessSeconds }) => Number(maxLatenessSeconds ?? 0));
    expect(Math.max(...latest)).toBeGreaterThan(23 * 3600);
  });

  it('is found by the daily pass when it was hidden for three days', async () => {
    const world = await createScenario({
      settings: { CONTENT_TYPES: 'Audit.Exchange', LISTING_SCHEDULE: '0 0 * * * *' },
    });
    await world.runFor(hour, hour);
    world.tenant.publish({
      contentType: 'Audit.Exchange',
      createdAt: world.at(2 * hour),
      visibleFrom: world.at(2 * hour + 3 * day),
    });
    await world.runFor(3 * day, hour);
    expect(await world.audit()).toMatchObject({ arrived: 0 });
    await world.runFor(day + 2 * hour, hour);
    report('late by three days', await expectEverythingOnce(world));
  });
});
