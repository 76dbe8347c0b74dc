import { TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { createLedger } from '../../shared/ledger/ledger.ts';
import type { SimulatedTenant } from '../simulator/simulated-tenant.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const contentType = 'Audit.Exchange';
const minuteMs = 60_000;
/** Many times what may wait in the queue. */
const backlog = 50_000;
/**
 * What the instance works off in a minute of the world: each acceptance takes its share of it. So many that the dispatcher, which looks
 * at the queue every two real seconds, does so several times a minute.
 */
const contentsPerMinute = 1_000;
const minutes = 5;

/** Contents of the tenant's last hours that were listed and are still open. */
async function makeBacklog(world: ScenarioWorld, tenant: SimulatedTenant): Promise<void> {
  const table = TableClient.fromConnectionString(world.connectionString, 'm365auditledger', {
    allowInsecureConnection: true,
  });
  const contents = Array.from({ length: backlog }, (_, number) => {
    const records = [Buffer.from(`{"Id":"old-${number}"}`)];
    const content = tenant.publish({ contentType, createdAt: world.at(-10 - (number % 1_200)), records });
    const { contentId, createdAt: created, expiresAt: expires } = content;
    return { contentId, contentUri: world.simulator.office.contentUri(content), created, expires };
  });
  await createLedger(table, () => Date.now()).add({ tenantId: tenant.tenantId, contentType }, contents);
}

/** A minute of the world, which passes as the instance gets its work done; the listing timer runs at its beginning. */
async function minuteOfWork(world: ScenarioWorld): Promise<void> {
  const end = Date.now() + minuteMs;
  const run = world.host.fireTimer('list-content');
  let stop: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    stop = world.simulator.siem.onBatch(() => {
      world.pass(1 / contentsPerMinute);
      if (Date.now() >= end) resolve();
    });
  });
  await Promise.race([over, run]);
  await run;
  stop();
  if (Date.now() < end) world.pass((end - Date.now()) / minuteMs);
}

describe('with twenty tenants, one of which has a backlog of fifty thousand contents', () => {
  it('fresh contents of the others, and of itself, are accepted within two timer periods', {
    timeout: 400_000,
  }, async () => {
    const world = await createScenario({
      tenants: 20,
      settings: { CONTENT_TYPES: contentType, BACKFILL_HOURS: '0' },
    });
    const { siem, office, tenants } = world.simulator;
    const [, , , busy] = tenants;
    if (!busy) throw new Error('twenty tenants were asked for');
    await world.runFor(1);
    await makeBacklog(world, busy);

    const publishedAt = new Map<string, number>();
    const waits = new Map<string, number>();
    siem.onBatch(({ lines, at }) => {
      for (const line of lines) {
        const { Id } = JSON.parse(line.toString()) as { Id: string };
        const published = publishedAt.get(Id);
        if (published !== undefined) waits.set(Id, (at - published) / minuteMs);
      }
    });
    world.host.startListening();
    for (let minute = 0; minute < minutes; minute += 1) {
      for (const { name, publish } of minute < minutes - 2 ? tenants : []) {
        const id = `fresh-${name}-${minute}`;
        publish({ contentType, createdAt: new Date(), records: [Buffer.from(`{"Id":"${id}"}`)] });
        publishedAt.set(id, Date.now());
      }
      world.pass(1 / 30);
      await minuteOfWork(world);
    }
    await world.host.stop();
    expect([...publishedAt.keys()].filter((id) => !waits.has(id))).toEqual([]);
    const longest = Math.max(...waits.values());
    expect(longest).toBeLessThanOrEqual(2);

    const account = { published: 0, arrived: 0, doubled: 0 };
    for (const tenant of tenants) {
      const { published, arrived, doubled, unknown } = await world.audit(tenant);
      expect({ tenant: tenant.name, doubled, unknown }).toEqual({ tenant: tenant.name, doubled: 0, unknown: 0 });
      account.published += published;
      account.arrived += arrived;
    }
    const ledger = await world.states();
    const { listed, forwarded } = ledger;
    expect(ledger).toMatchObject({ gone: 0, expired: 0, quarantined: 0, open: listed - forwarded });
    expect(forwarded).toBe(account.arrived);
    expect({ office: office.violations, siem: siem.violations }).toEqual({ office: [], siem: [] });
    report(`20 tenants, one with a backlog of ${backlog}; a fresh one waits ${longest.toFixed(1)} minutes at most`, {
      ...account,
      ledger,
    });
  });
});
