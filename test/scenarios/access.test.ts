import { describe, expect, it } from 'vitest';
import { refusedWith } from '../simulator/api-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange,Audit.General,DLP.All', LISTING_SCHEDULE: '0 */10 * * * *' };
const types = ['Audit.Exchange', 'Audit.General', 'DLP.All'] as const;

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes) {
    for (const contentType of types) world.tenant.publish({ contentType, createdAt: world.at(minute), records: 2 });
  }
}

/** Codes of the pauses that began, each once. */
function pauses(world: ScenarioWorld): unknown[] {
  return [...new Set(world.events.filter(({ event }) => event === 'pause.began').map(({ code }) => code))];
}

describe('while access is refused', () => {
  const refusals: readonly (readonly [string, string, (world: ScenarioWorld) => () => void])[] = [
    [
      'auditing is off',
      'auditing_off',
      ({ tenant }) => {
        tenant.auditing = false;
        return () => {
          tenant.auditing = true;
        };
      },
    ],
    [
      'the login host is down',
      'login_unavailable',
      ({ simulator }) => {
        simulator.login.revokeTokens();
        simulator.login.down();
        return () => simulator.login.up();
      },
    ],
    [
      'the login is refused, as with an expired secret',
      'login_refused',
      ({ simulator }) => {
        simulator.login.revokeTokens();
        const refusal = simulator.login.refuseNext(7000222, Number.POSITIVE_INFINITY);
        return () => refusal.remove();
      },
    ],
    [
      'the permission is withdrawn',
      'permission_missing',
      ({ simulator, tenant }) => {
        const roles = tenant.roles;
        tenant.roles = [];
        simulator.login.revokeTokens();
        return () => {
          tenant.roles = roles;
          simulator.login.revokeTokens();
        };
      },
    ],
  ];

  it.each(refusals)('because %s, the tenant waits, and all arrives once when it is over', async (name, code, begin) => {
    const world = await createScenario({ settings });
    publishEvery(world, 20, -60, 160);
    await world.runFor(10, 10);
    const { office, login } = world.simulator;
    const before = office.requests.total + login.requests.total;
    const end = begin(world);
    await world.runFor(120, 10);
    const during = office.requests.total + login.requests.total - before;
    expect(during).toBeLessThan(60);
    expect(pauses(world)).toEqual([code]);
    end();
    await world.runFor(60, 10);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report(`two hours: ${name}`, account, during);
  });

  it.each([
    [
      '401 without a body',
      'type_refused',
      ({ tenant }: ScenarioWorld) => {
        tenant.refusedTypes.add('DLP.All');
        return () => tenant.refusedTypes.delete('DLP.All');
      },
    ],
    [
      'AF10001',
      'permission_missing',
      ({ simulator, tenant }: ScenarioWorld) => {
        const roles = tenant.roles;
        tenant.roles = roles.filter((role) => !role.includes('Dlp'));
        simulator.login.revokeTokens();
        return () => {
          tenant.roles = roles;
          simulator.login.revokeTokens();
        };
      },
    ],
  ] as const)('to one content type with %s, the others go on without delay', async (name, code, begin) => {
    const world = await createScenario({ settings });
    publishEvery(world, 20, -60, 160);
    await world.runFor(10, 10);
    const before = world.simulator.office.requests.total;
    const end = begin(world);
    for (let minute = 0; minute < 120; minute += 10) {
      await world.runFor(10, 10);
      const others = world.tenant.contents.filter(
        ({ contentType, createdAt }) => contentType !== 'DLP.All' && createdAt < Date.now(),
      );
      expect(await world.audit(world.tenant, { contents: others })).toMatchObject({ missing: 0 });
    }
    const during = world.simulator.office.requests.total - before;
    expect(pauses(world)).toEqual([code]);
    end();
    await world.runFor(60, 10);
    report(`two hours: one type refused with ${name}`, await expectEverythingOnce(world), during);
  });

  it('because downloads meet another cloud, they wait for it to be put right', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 20, -60, 160);
    await world.runFor(10, 10);
    const { faults, requests } = world.simulator.office;
    const wrongCloud = faults.add({ match: { operation: 'download' }, answer: refusedWith('AF20052') });
    const before = requests.of('download');
    await world.runFor(120, 10);
    const during = requests.of('download') - before;
    expect(during).toBeLessThan(40);
    expect(pauses(world)).toEqual(['cloud_mismatch']);
    expect(world.events.find(({ event }) => event === 'pause.began')).toMatchObject({
      gate: 'download',
      remedy: expect.stringContaining('Check CLOUD'),
    });
    wrongCloud.remove();
    await world.runFor(120, 10);
    report('two hours: AF20052 for every content, as in another cloud', await expectEverythingOnce(world), during);
  });

  it('because a subscription is disabled or gone, that type alone waits for its next start', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 20, -60, 120);
    await world.runFor(20, 10);
    world.tenant.subscriptions.disable('Audit.Exchange');
    await world.runFor(40, 10);
    world.tenant.subscriptions.remove('Audit.General');
    await world.runFor(70, 10);
    expect(world.tenant.subscriptions.all.map(({ status }) => status)).toEqual(['enabled', 'enabled', 'enabled']);
    report('subscription disabled, then another removed', await expectEverythingOnce(world));
  });
});
