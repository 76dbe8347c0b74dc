import { describe, expect, it, onTestFinished } from 'vitest';
import { compare } from '../simulator/audit.ts';
import { startSiem } from '../simulator/siem.ts';
import type { SimulatedTenant } from '../simulator/simulated-tenant.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange' };

function publish({ at }: ScenarioWorld, tenants: readonly SimulatedTenant[], minute: number): void {
  for (const tenant of tenants) tenant.publish({ contentType: 'Audit.Exchange', createdAt: at(minute), records: 2 });
}

/** What was asked of any service for a tenant so far. */
function askedFor({ simulator }: ScenarioWorld, { tenantId }: SimulatedTenant): number {
  const services = [simulator.office, simulator.login, simulator.siem];
  return services.flatMap(({ requests }) => requests.log).filter((request) => request.tenantId === tenantId).length;
}

/** The items of `TENANTS`. */
function itemsOf(environment: Readonly<Record<string, string>>): { readonly destination: object }[] {
  return JSON.parse(environment['TENANTS'] ?? '[]') as { readonly destination: object }[];
}

describe('a tenant that is taken out of the settings', () => {
  it('is left alone with its ledger kept, and goes on where it was when it is put back', async () => {
    const world = await createScenario({ tenants: 3, settings });
    const { simulator } = world;
    const [first, second, removed] = simulator.tenants;
    if (!first || !second || !removed) throw new Error('three tenants were asked for');
    const both = [first, second];
    publish(world, simulator.tenants, -5);
    await world.runFor(2);
    // Contents that are in the queue when the app stops.
    for (let minute = 0; minute < 2; minute += 0.5) publish(world, simulator.tenants, minute);
    await world.host.fireTimer('list-content');
    const before = await world.states(removed);
    expect(before).toMatchObject({ forwarded: 1, open: 4 });
    const asked = askedFor(world, removed);

    const withoutIt = { ...settings, ...simulator.environmentOfAll(both) };
    await world.restart(withoutIt);
    for (let minute = 3; minute < 60; minute += 3) publish(world, simulator.tenants, minute);
    await world.runFor(60);
    expect(askedFor(world, removed)).toBe(asked);
    expect(await world.states(removed)).toEqual(before);
    const dropped = world.events.filter(({ event }) => event === 'message.rejected');
    expect(dropped.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'message_invalid'));
    for (const { message } of dropped)
      expect(message).toContain(`tenant ${removed.tenantId}, which is not in the settings`);
    for (const tenant of both) expect(await world.audit(tenant)).toMatchObject({ missing: 0, doubled: 0, unknown: 0 });

    await world.restart();
    publish(world, simulator.tenants, 61);
    await world.runFor(5);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report('a tenant taken out for an hour, and put back', account);
  });
});

describe('TENANTS, TENANTS_2 and TENANTS_3', () => {
  it('are all read', async () => {
    const world = await createScenario({ tenants: 5, settings });
    const [one, two, three, four, five] = itemsOf(world.environment).map((item) => JSON.stringify(item));
    await world.restart({
      ...settings,
      TENANTS: `[${one}]`,
      TENANTS_2: `[${two},${three}]`,
      TENANTS_3: `[${four},${five}]`,
    });
    publish(world, world.simulator.tenants, -5);
    publish(world, world.simulator.tenants, 1);
    await world.runFor(3);
    report('five tenants in three settings', await expectEverythingOnce(world));
  });
});

describe('two tenants with intakes of their own', () => {
  it('never have a record at the wrong one, though one intake refuses, fails and comes back', async () => {
    const world = await createScenario({ tenants: 2, settings });
    const { siem, tenants } = world.simulator;
    const [first, second] = tenants;
    if (!first || !second) throw new Error('two tenants were asked for');
    const elsewhere = await startSiem({ seed: 2, tenants: [second], latencyMs: 0, now: () => Date.now() });
    onTestFinished(() => elsewhere.close());
    const [own, other] = itemsOf(world.environment);
    const moved = { ...other, destination: { ...other?.destination, url: elsewhere.origin } };
    await world.restart({ ...settings, TENANTS: JSON.stringify([own, moved]) });
    for (let minute = -20; minute < 60; minute += 2) publish(world, tenants, minute);
    await world.runFor(5);
    siem.refuseKey(first);
    await world.runFor(15);
    elsewhere.down();
    siem.acceptKey(first);
    await world.runFor(15);
    elsewhere.up();
    await world.runFor(40);

    expect([siem.arrived(second).requests, elsewhere.arrived(first).requests]).toEqual([0, 0]);
    expect(elsewhere.requests.byStatus).not.toHaveProperty('403');
    const here = await world.audit(first);
    const there = await compare(second, elsewhere);
    for (const audit of [here, there]) expect(audit).toMatchObject({ missing: 0, doubled: 0, unknown: 0 });
    expect([siem.violations, elsewhere.violations]).toEqual([[], []]);
    const ledger = await world.states();
    expect(ledger).toMatchObject({ listed: 80, forwarded: 80, open: 0 });
    const sum = { published: here.published + there.published, arrived: here.arrived + there.arrived, doubled: 0 };
    report('two tenants with intakes of their own', { ...sum, ledger });
  });
});
