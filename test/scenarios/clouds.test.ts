import { describe, expect, it } from 'vitest';
import { cloudAddresses } from '../../shared/settings/clouds.ts';
import { clouds } from '../../shared/settings/settings.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange' };
const both = ['secret', 'managed-identity'] as const;

function publishSome({ tenant, at }: ScenarioWorld): void {
  for (let minute = -30; minute < 5; minute += 5) {
    tenant.publish({ contentType: 'Audit.Exchange', createdAt: at(minute), records: 2 });
  }
}

describe('in the cloud', () => {
  const cases = clouds.flatMap((cloud) => both.map((credential) => [cloud, credential] as const));

  it.each(cases)('%s, with %s, all arrives, and tokens are asked for in its own terms', async (cloud, credential) => {
    const world = await createScenario({ settings, cloud, credential });
    publishSome(world);
    await world.runFor(8);
    const { tokenScope, assertionScope } = cloudAddresses[cloud];
    const { attempts } = world.simulator.login;
    expect(new Set(attempts.map(({ scope }) => scope))).toEqual(new Set([tokenScope]));
    expect(attempts.filter(({ refused }) => refused)).toEqual([]);
    if (credential === 'managed-identity') {
      expect(attempts[0]?.proof).toMatchObject({ audience: assertionScope.replace('/.default', '') });
    }
    expect(world.events.filter(({ level }) => level !== 'information')).toEqual([]);
    report(`${cloud} with ${credential}`, await expectEverythingOnce(world));
  });
});
