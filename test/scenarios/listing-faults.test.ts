import { describe, expect, it } from 'vitest';
import { deadPageToken, duplicatedItems } from '../simulator/api-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange,Audit.General' };

function publishSpread(world: ScenarioWorld, count: number, everyMinutes: number): void {
  for (let index = 1; index <= count; index += 1) {
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-index * everyMinutes), records: 2 });
  }
}

describe('a listing', () => {
  it('that shows contents twice, in any order and on small pages, while more are published, leads to each of them once', async () => {
    const world = await createScenario({ settings });
    world.simulator.office.pageSize = 3;
    const { faults } = world.simulator.office;
    faults.add({ match: { operation: 'content' }, answer: duplicatedItems() });
    let published = 0;
    faults.add({
      match: { operation: 'page' },
      async answer(real) {
        published += 1;
        world.tenant.publish({
          contentType: 'Audit.Exchange',
          createdAt: new Date(Date.now() - published * 1000),
          records: 2,
        });
        return duplicatedItems()(real, { operation: 'page' });
      },
    });
    publishSpread(world, 60, 20);
    await world.runFor(3);
    faults.clear();
    expect(published).toBeGreaterThan(20);
    await world.runFor(12);
    report('duplicates, shuffled, small pages, under load', await expectEverythingOnce(world));
  });

  it('whose page token dies once is begun again', async () => {
    const world = await createScenario({ settings });
    world.simulator.office.pageSize = 5;
    const fault = world.simulator.office.faults.add({
      match: { operation: 'page' },
      skip: 2,
      times: 1,
      answer: deadPageToken(),
    });
    publishSpread(world, 40, 20);
    await world.runFor(3);
    expect(fault.hits).toBe(1);
    report('page token dies once', await expectEverythingOnce(world));
  });

  it('whose page tokens never work is halved until it needs none', async () => {
    const world = await createScenario({ settings });
    world.simulator.office.pageSize = 5;
    const fault = world.simulator.office.faults.add({ match: { operation: 'page' }, answer: deadPageToken() });
    publishSpread(world, 40, 20);
    await world.runFor(3);
    expect(fault.hits).toBeGreaterThan(2);
    report('page tokens never work', await expectEverythingOnce(world), fault.hits);
  });

  it('that cannot be finished delays no other type, and is finished when it can be', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */10 * * * *' } });
    world.simulator.office.pageSize = 5;
    const fault = world.simulator.office.faults.add({ match: { operation: 'page' }, answer: deadPageToken() });
    for (let index = 0; index < 12; index += 1) {
      world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-20), records: 2 });
      world.tenant.publish({ contentType: 'Audit.General', createdAt: world.at(index * 10), records: 2 });
    }
    await world.runFor(130, 10);
    const others = world.tenant.contents.filter(({ contentType }) => contentType === 'Audit.General');
    expect(await world.audit(world.tenant, { contents: others })).toMatchObject({ missing: 0 });
    const hits = fault.hits;
    fault.remove();
    await world.runFor(20, 10);
    report('more in one minute than a page holds, page tokens dead', await expectEverythingOnce(world), hits);
  });
});
