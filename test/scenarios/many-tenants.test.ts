import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContentType, contentTypes } from '../simulator/content-types.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const tenants = 200;
/** Those that are collected by default. */
const types = contentTypes.filter((type) => type !== 'DLP.All');
const scopes = tenants * types.length;
/** The listing timer's period, and so the longest that a run may take. */
const periodMs = 60_000;

/** Of every tenant one content of each of these types, which names its tenant. */
function publishEverywhere({ simulator, at }: ScenarioWorld, minute: number, of: readonly ContentType[]): void {
  for (const { name, publish } of simulator.tenants) {
    for (const contentType of of) {
      const record = Buffer.from(JSON.stringify({ Id: `${contentType} ${minute}`, tenant: name }));
      publish({ contentType, createdAt: at(minute), records: [record] });
    }
  }
}

/** One run of the listing timer, with what it dispatches being worked on beside it. */
async function runOnce(world: ScenarioWorld): Promise<void> {
  world.host.startListening();
  await world.host.fireTimer('list-content');
  await world.host.pauseListening();
}

/** The scopes for which a run has listed something, by run. */
function listedScopes({ events }: ScenarioWorld): Map<unknown, Set<string>> {
  const byRun = new Map<unknown, Set<string>>();
  for (const { event, runId, tenantId, contentType } of events) {
    if (event !== 'listing.completed') continue;
    byRun.set(runId, (byRun.get(runId) ?? new Set()).add(`${tenantId} ${contentType}`));
  }
  return byRun;
}

describe('two hundred tenants with four content types each, and an API that takes 50 ms', () => {
  let world: ScenarioWorld;
  let end: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    const onEnd = (ends: () => Promise<void>) => {
      end = ends;
    };
    world = await createScenario({ tenants, latency: { apiMs: 50 }, onEnd });
    publishEverywhere(world, -5, types);
  });
  afterAll(() => end());

  it('are all subscribed to and listed in one run, within the period of its timer', { timeout: periodMs }, async () => {
    await runOnce(world);
    expect([...listedScopes(world).values()].map(({ size }) => size)).toEqual([scopes]);
    expect(world.events.filter(({ event }) => event === 'subscription.started')).toHaveLength(scopes);
    for (const { subscriptions } of world.simulator.tenants) {
      expect(subscriptions.all.map(({ status }) => status)).toEqual(types.map(() => 'enabled'));
    }
  });

  it('and in the run after that again', { timeout: periodMs }, async () => {
    await world.host.drain();
    world.pass(1);
    publishEverywhere(world, 0, ['Audit.General']);
    const { requests } = world.simulator.office;
    requests.reset();
    await runOnce(world);
    const listed = requests.log.filter(({ operation }) => operation === 'content');
    expect(new Set(listed.map(({ tenantId, contentType }) => `${tenantId} ${contentType}`)).size).toBe(scopes);
    expect(listed.every(({ status }) => status === 200)).toBe(true);
  });

  it('with each content at the intake of its own tenant, and nowhere else', async () => {
    await world.host.drain();
    const tenantOf = (line: Buffer) => (JSON.parse(line.toString()) as { readonly tenant: string }).tenant;
    for (const tenant of world.simulator.tenants) {
      const arrived = world.simulator.siem.records(tenant).map(tenantOf);
      expect(arrived).toEqual(Array.from({ length: types.length + 1 }, () => tenant.name));
    }
    report(`${tenants} tenants with ${types.length} types each, two runs`, await expectEverythingOnce(world));
  });
});
