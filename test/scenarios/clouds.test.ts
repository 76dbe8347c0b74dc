import { describe, expect, it } from 'vitest';
import { cloudAddresses } from '../../shared/settings/clouds.ts';
import { type Cloud, clouds } from '../../shared/settings/settings.ts';
import type { CredentialKind } from '../simulator/credentials.ts';
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

describe('a tenant of another cloud than CLOUD', () => {
  const cases: readonly (readonly [lives: Cloud, said: Cloud, credential: CredentialKind])[] = [
    ['gcc', 'worldwide', 'secret'],
    ['worldwide', 'gcc', 'secret'],
    ['dod', 'gcchigh', 'secret'],
    ['gcchigh', 'dod', 'managed-identity'],
    ['gcchigh', 'worldwide', 'managed-identity'],
    ['worldwide', 'china', 'managed-identity'],
  ];

  it.each(cases)('%s, said to be %s, is refused in words that name CLOUD (%s)', async (cloud, CLOUD, credential) => {
    const world = await createScenario({ settings: { ...settings, CLOUD }, cloud, credential });
    publishSome(world);
    await world.runFor(10);
    const pause = world.events.find(({ event }) => event === 'pause.began');
    expect(pause).toMatchObject({ gate: 'tenant', code: 'login_refused' });
    expect(pause?.['remedy']).toContain('CLOUD');
    const refused = world.simulator.login.attempts.length;
    expect(refused).toBeLessThanOrEqual(5);
    expect(world.simulator.office.requests.total).toBe(0);
    await world.restart({ ...settings, CLOUD: cloud });
    await world.runFor(15);
    report(`${cloud} said to be ${CLOUD}, with ${credential}`, await expectEverythingOnce(world), refused);
  });
});
