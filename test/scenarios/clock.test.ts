import { describe, expect, it } from 'vitest';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario } from './scenario-world.ts';

const report = createReport();
const hour = 60;

describe('a clock that is off', () => {
  it.each([
    ['ahead', 1],
    ['behind', -1],
  ])("by an hour against the server's, which is %s, changes nothing", async (name, hours) => {
    const world = await createScenario({
      settings: { CONTENT_TYPES: 'Audit.Exchange', LISTING_SCHEDULE: '0 */5 * * * *' },
    });
    world.simulator.office.clockOffsetMs = hours * hour * 60_000;
    const serverTime = (minute: number) => world.at(minute + hours * hour);
    for (let minute = -26 * hour; minute < 3 * hour; minute += 15) {
      const createdAt = serverTime(minute);
      const hidden = minute >= 0 && minute % 30 === 0 ? 40 : 0;
      if (minute >= -23.5 * hour)
        world.tenant.publish({
          contentType: 'Audit.Exchange',
          createdAt,
          visibleFrom: serverTime(minute + hidden),
          records: 2,
        });
    }
    await world.runFor(2 * hour, 5);
    // Nothing that the server lists by now is missing: no listing waits for our own clock.
    const listable = world.tenant.contents.filter(
      ({ visibleFrom, createdAt }) => visibleFrom === createdAt && createdAt < serverTime(2 * hour - 5).getTime(),
    );
    expect(await world.audit(world.tenant, { contents: listable })).toMatchObject({ missing: 0 });
    await world.runFor(5 * hour, 5);
    report(`server an hour ${name}`, await expectEverythingOnce(world));
    expect(world.events.filter(({ level }) => level !== 'information')).toEqual([]);
  });
});
