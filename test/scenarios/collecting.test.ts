import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { foreignContentUris } from '../simulator/api-faults.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const types = ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General'] as const;

/** Everything published has arrived once, nothing else has, nothing is open, and every rule of the services was kept. */
async function expectComplete(world: ScenarioWorld): Promise<void> {
  const audit = await world.audit();
  expect(audit).toMatchObject({ missing: 0, doubled: 0, unknown: 0, examples: [] });
  expect(audit.sha256.arrived).toBe(audit.sha256.published);
  expect(await world.ledger()).toMatchObject({ open: 0, others: 0, forwarded: world.tenant.contents.length });
  expect(world.simulator.office.violations).toEqual([]);
  expect(world.simulator.siem.violations).toEqual([]);
}

describe('collecting', () => {
  it('fills back the first day, of several types, and goes on with what is new', async () => {
    const world = await createScenario();
    for (let hour = 0; hour < 24; hour += 1) {
      for (const [index, contentType] of types.entries()) {
        world.tenant.publish({ contentType, createdAt: world.at(-60 * hour - 10 * index - 3), records: 5 + hour });
      }
    }
    const old = world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-25 * 60), records: 3 });
    await world.runFor(2);
    const arrived = world.simulator.siem.records();
    expect(arrived.length).toBe(world.tenant.records().length - 3);
    for (const contentType of types)
      world.tenant.publish({ contentType, createdAt: world.at(3), visibleFrom: world.at(4) });
    await world.runFor(4);
    const audit = await world.audit();
    expect(audit.missing).toBe(3);
    expect(audit.examples.every((example) => example.startsWith(old.contentId))).toBe(true);
    expect(audit).toMatchObject({ doubled: 0, unknown: 0 });
  });

  it('delivers every record byte for byte, whatever the shape of the content', async () => {
    const world = await createScenario();
    for (const shape of ['compact', 'pretty', 'bom', 'spaced', 'lines'] as const) {
      world.tenant.publish({ contentType: 'Audit.General', createdAt: world.at(-5), records: 40, shape });
    }
    world.tenant.publish({ contentType: 'Audit.General', createdAt: world.at(-4), records: 0 });
    await world.runFor(2);
    await expectComplete(world);
    const hash = (records: readonly Buffer[]) =>
      records.map((record) => createHash('sha256').update(record).digest('hex')).sort();
    expect(hash(world.simulator.siem.records())).toEqual(hash(world.tenant.records()));
  });

  it('follows every page of a listing, once each', async () => {
    const world = await createScenario();
    world.simulator.office.pageSize = 7;
    for (let index = 0; index < 100; index += 1) {
      world.tenant.publish({ contentType: 'Audit.SharePoint', createdAt: world.at(-30), records: 2 });
    }
    await world.runFor(3);
    await expectComplete(world);
  });

  it('halves a window that has too many pages', async () => {
    const world = await createScenario({ settings: { CONTENT_TYPES: 'Audit.SharePoint' } });
    world.simulator.office.pageSize = 2;
    for (let index = 0; index < 300; index += 1) {
      world.tenant.publish({ contentType: 'Audit.SharePoint', createdAt: world.at(-index * 4), records: 1 });
    }
    await world.runFor(1);
    await expectComplete(world);
  });

  it('sends a content of several batches in order and once', async () => {
    const world = await createScenario({ settings: { CONTENT_TYPES: 'Audit.Exchange' } });
    const content = world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5), records: 3_000 });
    await world.runFor(2);
    await expectComplete(world);
    expect(world.simulator.siem.requests.total).toBeGreaterThan(2);
    expect(world.simulator.siem.records().map(String)).toEqual(content.records.map(String));
  });

  it('goes on after a restart where it was, and sends nothing again', async () => {
    const world = await createScenario();
    for (let minute = -30; minute < 10; minute += 2)
      world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute) });
    await world.runFor(5);
    await world.restart();
    await world.runFor(10);
    await expectComplete(world);
  });

  it('lists what was created while it was down', async () => {
    const world = await createScenario({ settings: { BACKFILL_HOURS: '0' } });
    await world.runFor(2);
    for (let hour = 1; hour <= 50; hour += 1)
      world.tenant.publish({ contentType: 'Audit.General', createdAt: world.at(hour * 60) });
    await world.absentFor(51 * 60);
    await world.runFor(2);
    await expectComplete(world);
  });

  it('asks for a new token before the old one ends, and after a 401', async () => {
    const world = await createScenario({ tokenLifetimeSeconds: 600 });
    for (let minute = 0; minute < 30; minute += 1)
      world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute) });
    await world.runFor(20);
    expect(world.simulator.login.tokensIssued).toBeGreaterThanOrEqual(3);
    const before = world.simulator.login.tokensIssued;
    world.simulator.login.revokeTokens();
    await world.runFor(12);
    expect(world.simulator.login.tokensIssued).toBeGreaterThan(before);
    await expectComplete(world);
    expect(world.events.filter(({ level }) => level !== 'information')).toEqual([]);
  });

  it('sends the token to nobody but the API', async () => {
    const world = await createScenario();
    world.simulator.office.faults.add({
      match: { operation: 'content' },
      answer: foreignContentUris(world.simulator.stranger.origin),
    });
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5) });
    await world.runFor(2);
    expect(world.simulator.stranger.requests).toEqual([]);
    expect(await world.ledger()).toMatchObject({ open: 0, others: 1 });
    expect(world.events.find(({ event }) => event === 'content.settled')).toMatchObject({
      code: 'address_rejected',
      state: 'quarantined',
    });
  });
});
