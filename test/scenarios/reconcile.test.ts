import { TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { createLedger, type Ledger } from '../../shared/ledger/ledger.ts';
import { contentExpired } from '../simulator/api-faults.ts';
import type { PublishedContent } from '../simulator/published-content.ts';
import { changedBody, truncatedBody } from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createScenario, type LoggedEvent, type ScenarioWorld } from './scenario-world.ts';

const hour = 60;
const day = 24 * hour;
const contentType = 'Audit.Exchange';
const settings = { CONTENT_TYPES: contentType, LISTING_SCHEDULE: '0 */10 * * * *' };
const hourly = { ...settings, LISTING_SCHEDULE: '0 0 * * * *', RECONCILE_SCHEDULE: '30 0 * * * *' };
const rarely = { ...settings, LISTING_SCHEDULE: '0 0 */6 * * *', RECONCILE_SCHEDULE: '30 0 */6 * * *' };

function tableOf(world: ScenarioWorld): TableClient {
  return TableClient.fromConnectionString(world.connectionString, 'm365auditledger', { allowInsecureConnection: true });
}

function ledgerOf(world: ScenarioWorld): {
  ledger: Ledger;
  scope: { tenantId: string; contentType: typeof contentType };
} {
  const { tenantId } = world.tenant;
  return { ledger: createLedger(tableOf(world), () => Date.now()), scope: { tenantId, contentType } };
}

function named(world: ScenarioWorld, name: string): LoggedEvent[] {
  return world.events.filter(({ event }) => event === name);
}

/** The content breaks off at first, after batches were sent, and then is another one for as long as this stands: it is quarantined at once. */
function spoil(world: ScenarioWorld, { contentId }: PublishedContent) {
  const match = { operation: 'download', contentId };
  world.simulator.office.faults.add({ match, times: 1, answer: truncatedBody(1_500_000) });
  return world.simulator.office.faults.add({
    match,
    answer: changedBody((body) => Buffer.from(body.toString().replaceAll('"Operation"', '"Operetion"'))),
  });
}

/** Somebody deletes the row of a forwarded content. */
async function deleteRow(world: ScenarioWorld, { contentId }: PublishedContent): Promise<void> {
  const table = tableOf(world);
  for await (const { partitionKey = '', rowKey = '' } of table.listEntities()) {
    if (rowKey.startsWith('f|') && rowKey.endsWith(contentId)) await table.deleteEntity(partitionKey, rowKey);
  }
}

describe('a quarantined content', () => {
  it('is opened again hours later, and forwarded once the API serves it', async () => {
    const world = await createScenario({ settings });
    const large = world.tenant.publish({ contentType, createdAt: world.at(-5), records: 1_500 });
    world.tenant.publish({ contentType, createdAt: world.at(-4) });
    const fault = spoil(world, large);
    await world.runFor(3 * hour, 10);
    expect(await world.states()).toMatchObject({ quarantined: 1, forwarded: 1, open: 0 });
    expect(world.simulator.siem.records().length).toBeGreaterThan(500);
    fault.remove();
    await world.runFor(2 * hour, 10);
    // What had been accepted before it was quarantined is not sent again.
    await expectEverythingOnce(world);
    expect(named(world, 'content.settled')).toHaveLength(1);
  });

  it('is tried after 4, 8 and 12 hours, and told each time that it fails, until it expires', async () => {
    const world = await createScenario({ settings: hourly });
    const expiresAt = world.at(31 * hour);
    const content = world.tenant.publish({ contentType, createdAt: world.at(-5), expiresAt, records: 1_500 });
    const fault = spoil(world, content);
    await world.runFor(30 * hour, hour);
    expect(fault.hits).toBe(4);
    expect(await world.states()).toMatchObject({ quarantined: 1 });
    await world.runFor(4 * hour, hour);
    expect(fault.hits).toBe(4);
    // What stands before the place where it broke off at first has arrived.
    const unknown = world.simulator.siem.records().length;
    await expectEverythingOnce(world, { except: [content], unknown, states: { expired: 1 } });
    const settled = named(world, 'content.settled').map(({ level, state, code }) => [level, state, code]);
    expect(settled).toEqual([
      ...Array.from({ length: 4 }, () => ['error', 'quarantined', 'content_changed']),
      ['error', 'expired', 'content_expired'],
    ]);
  });
});

describe('an open content', () => {
  it('is settled as expired when its time runs out, with one event', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */30 * * * *' } });
    const { siem } = world.simulator;
    const down = siem.faults.add({ answer: () => ({ status: 503, headers: {} }) });
    const expiresAt = world.at(6 * hour);
    const late = Array.from({ length: 20 }, (_, index) =>
      world.tenant.publish({ contentType, createdAt: world.at(1 + index), expiresAt }),
    );
    world.tenant.publish({ contentType, createdAt: world.at(4) });
    await world.runFor(7.5 * hour, 30);
    expect(await world.states()).toMatchObject({ open: 1, expired: 20 });
    down.remove();
    await world.runFor(3 * hour, 30);
    await expectEverythingOnce(world, { except: late, states: { expired: 20 } });
    // Some may have been told by the API itself, to a probe.
    const settled = named(world, 'content.settled');
    const ours = named(world, 'reconcile.completed').reduce((sum, { expired }) => sum + Number(expired), 0);
    expect(ours).toBeGreaterThan(5);
    expect(settled.map(({ contentId }) => contentId).sort()).toEqual(late.map(({ contentId }) => contentId).sort());
    expect(settled[0]).toMatchObject({ level: 'error', state: 'expired', code: 'content_expired' });
    expect(named(world, 'hour.unbalanced')).toEqual([]);
  });
});

describe('a finished hour', () => {
  it('is sealed with sums that balance, the first and the empty ones too', async () => {
    const world = await createScenario({
      settings: { ...settings, BACKFILL_HOURS: '5' },
      startAt: '2026-11-20T10:25:00Z',
    });
    const published = [-200, -190, -100, -20, 10, 20, 70].map((minute, index) =>
      world.tenant.publish({ contentType, createdAt: world.at(minute), records: 3 + index }),
    );
    const [gone] = published;
    world.simulator.office.faults.add({
      match: { operation: 'download', contentId: gone?.contentId },
      answer: contentExpired(),
    });
    await world.runFor(4.5 * hour, 10);
    const { ledger, scope } = ledgerOf(world);
    const hours = await ledger.readHours(scope);
    expect(hours.map((each) => [each.hour.slice(11), each.listed, each.seal?.listed])).toEqual([
      ['05', 0, 0],
      ['06', 0, 0],
      ['07', 2, 2],
      ['08', 1, 1],
      ['09', 0, 0],
      ['10', 3, 3],
      ['11', 1, 1],
    ]);
    expect(hours.map(({ seal }) => seal?.sums.forwarded)).toEqual([0, 0, 1, 1, 0, 3, 1]);
    expect(hours.map(({ seal }) => seal?.sums.expired)).toEqual([0, 0, 1, 0, 0, 0, 0]);
    expect(hours.map(({ comparison }) => comparison?.contents)).toEqual([0, 0, 2, 1, 0, 3, 1]);
    const records = hours.reduce((sum, { seal }) => sum + (seal?.sums.records ?? 0), 0);
    expect(records).toBe(world.simulator.siem.records().length);
    const bytes = hours.reduce((sum, { seal }) => sum + (seal?.sums.bytes ?? 0), 0);
    expect(bytes).toBeGreaterThan(1_000);
    expect(named(world, 'hour.unbalanced')).toEqual([]);
    expect(world.simulator.office.violations).toEqual([]);
  });

  it('that lacks a row is told once, and stays told', async () => {
    const world = await createScenario({ settings });
    const published = [-5, -6, -7].map((minute) => world.tenant.publish({ contentType, createdAt: world.at(minute) }));
    await world.runFor(30, 10);
    const [one, two] = published;
    if (!one || !two) throw new Error('nothing published');
    await deleteRow(world, one);
    await world.runFor(5 * hour, 10);
    expect(named(world, 'hour.unbalanced')).toMatchObject([
      {
        level: 'error',
        tenant: world.tenant.tenantId,
        contentType,
        hour: '2026-11-20T09',
        listed: 3,
        forwarded: 2,
        gone: 0,
        expired: 0,
      },
    ]);
    expect(await world.audit()).toMatchObject({ missing: 0, doubled: 0 });
    const { ledger, scope } = ledgerOf(world);
    const hours = await ledger.readHours(scope);
    expect(hours.find((each) => each.hour === '2026-11-20T09')).toMatchObject({
      imbalance: { listed: 3, settled: 2 },
    });
  });

  it('that gets a late content is opened and sealed again, and the content is forwarded', async () => {
    // Only the fresh listing can find it: no pass goes back far enough but the daily one.
    const world = await createScenario({ settings: { ...settings, LATE_LISTING_HOURS: '0' } });
    world.tenant.publish({ contentType, createdAt: world.at(30) });
    world.tenant.publish({ contentType, createdAt: world.at(31), visibleFrom: world.at(2 * hour) });
    await world.runFor(4 * hour, 10);
    await expectEverythingOnce(world);
    expect(named(world, 'listing.completed').filter(({ pass }) => pass === 'reconcile')).toMatchObject([
      { added: 1, late: 1 },
    ]);
    const { ledger, scope } = ledgerOf(world);
    const hours = await ledger.readHours(scope);
    expect(hours.find((each) => each.hour === '2026-11-20T10')).toMatchObject({
      listed: 2,
      seal: { listed: 2, sums: { forwarded: 2 } },
    });
  });
});

describe('old rows', () => {
  it('vanish after 8 days, and what was deleted of them before is told', async () => {
    const world = await createScenario({ settings: rarely, startAt: '2026-11-20T12:00:00Z' });
    const published = [10, 20, 30].map((minute) => world.tenant.publish({ contentType, createdAt: world.at(minute) }));
    world.tenant.publish({ contentType, createdAt: world.at(2 * day) });
    await world.runFor(day, 6 * hour);
    const { ledger, scope } = ledgerOf(world);
    const sealed = (await ledger.readHours(scope)).find((each) => each.hour === '2026-11-20T12');
    expect(sealed).toMatchObject({ seal: { listed: 3 } });
    const [one] = published;
    if (one) await deleteRow(world, one);
    await world.runFor(6.5 * day, 6 * hour);
    expect(await world.states()).toMatchObject({ forwarded: 3, listed: 4 });
    // The run that tells what vanished leaves the rest to the next one.
    await world.runFor(1.5 * day, 6 * hour);
    expect(await world.states()).toMatchObject({ forwarded: 1, listed: 1, open: 0 });
    expect(named(world, 'hour.unbalanced')).toMatchObject([{ hour: '2026-11-20T12', listed: 3, forwarded: 2 }]);
    expect(await world.audit()).toMatchObject({ missing: 0, doubled: 0 });
    const hours = await ledger.readHours(scope);
    expect(hours.length).toBeGreaterThan(7 * 24);
    expect(
      hours.every((each) => Date.parse(`${each.hour}:00:00Z`) >= Date.now() - 8 * day * 60_000 - 13 * 3_600_000),
    ).toBe(true);
    expect(world.simulator.office.violations).toEqual([]);
  });
});

describe('an interval that was never listed', () => {
  it('is told once and remembered, even when listing fails at first', async () => {
    const world = await createScenario({ settings: { ...settings, BACKFILL_HOURS: '0' } });
    await world.runFor(20, 10);
    world.tenant.publish({ contentType, createdAt: world.at(hour) });
    const recent = world.tenant.publish({ contentType, createdAt: world.at(9 * day) });
    await world.absentFor(10 * day);
    const failing = world.simulator.office.faults.add({
      match: { operation: 'content' },
      answer: () => ({ status: 500, headers: {} }),
    });
    await world.runFor(40, 10);
    failing.remove();
    await world.runFor(2 * hour, 10);
    const lost = named(world, 'listing.interval_lost');
    expect(lost).toMatchObject([{ level: 'error', from: '2026-11-20T10:20:00' }]);
    const { ledger, scope } = ledgerOf(world);
    const [interval, ...more] = await ledger.readLostIntervals(scope);
    expect(more).toEqual([]);
    expect(interval?.from).toBe(world.at(20).getTime());
    expect(interval?.to).toBeGreaterThan(Date.parse(`${lost[0]?.['to']}Z`));
    expect(await world.audit(world.tenant, { contents: [recent] })).toMatchObject({ missing: 0, doubled: 0 });
  });
});
