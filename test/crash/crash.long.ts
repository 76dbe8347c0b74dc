import { setTimeout as delay } from 'node:timers/promises';
import { TableClient } from '@azure/data-tables';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAzurite } from '../host/azurite.ts';
import { createDeliveries } from '../model/deliveries.ts';
import { publishContent } from '../model/publishing.ts';
import { createQueueDriver } from '../model/queue-driver.ts';
import { verify } from '../model/verify.ts';
import { type Collected, whatIsLeft } from '../model/what-is-left.ts';
import { createRandom } from '../simulator/random.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { createKillLog } from './kill-log.ts';
import { createKilledApp, type KilledApp } from './killed-app.ts';
import { type ShiftedClock, shiftClock } from './shifted-clock.ts';

/** CRASH_SEED repeats the load and the moments of the kills, as far as two processes can repeat anything. */
const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const kills = Number(process.env['CRASH_KILLS'] ?? 30);
const intakeLatencyMs = 60;
const apiLatencyMs = 10;
/** Published anew for each life of the process. */
const smallContents = 70;
const largeContents = 5;
const longestLifeMs = 2_000;
/** Of so many lives one ends in order. */
const livesToAStop = 9;
const minuteMs = 60_000;
/** How far the clocks go on at the end, step by step: claims run out, messages come back, back-offs and quarantine end. */
const stepsAtTheEnd = [0, 11, 25, 25, 60, 120, 260, 500, 800] as const;
/** Real time that the app gets after each of them. */
const settleMs = 20_000;

describe('a process that is killed', () => {
  it('loses nothing, and doubles at most one batch for each content it worked on', { timeout: 400_000 }, async () => {
    console.log(`CRASH_SEED=${seed}`);
    const random = createRandom(seed);
    const clock = shiftClock(0);
    const simulator = await createSimulator({ seed, latency: { apiMs: apiLatencyMs, intakeMs: intakeLatencyMs } });
    const azurite = await startAzurite();
    const app = await createKilledApp(simulator, azurite.connectionString, clock);
    onTestFinished(async () => {
      await app.remove();
      await simulator.close();
      await azurite.stop();
      clock.restore();
    });
    const { tenant, siem } = simulator;
    siem.keepRecords = false;
    const deliveries = createDeliveries();
    const log = createKillLog(deliveries);
    let stops = 0;
    /** Of processes that were killed and that nobody has taken over yet. */
    let before: ReadonlyMap<string, string> = new Map();
    siem.onBatch(log.accepted);
    const table = TableClient.fromConnectionString(azurite.connectionString, 'm365auditledger', {
      allowInsecureConnection: true,
    });
    const world = { tenant, deliveries, table, queue: await createQueueDriver(azurite.connectionString) };

    function publishLoad(): void {
      for (let count = 0; count < smallContents + largeContents; count += 1) {
        const size = count < largeContents ? 'large' : 'small';
        const lateMinutes = random.chance(0.1) ? random.next() / 4 : 0;
        publishContent(world, { type: random.chance(0.5) ? 0 : 1, size, ageMinutes: random.below(20), lateMinutes });
      }
    }

    for (let life = 1; log.figures.kills < kills; life += 1) {
      publishLoad();
      await app.start();
      await delay(random.below(longestLifeMs));
      if (life % livesToAStop === 0) {
        await app.stop();
        // Whoever ends in order finishes what is in work, so nothing may be doubled by it.
        expect([...(await claims(world))].filter(([contentId, owner]) => before.get(contentId) !== owner)).toEqual([]);
        stops += 1;
        continue;
      }
      await app.kill();
      // What was on its way to the SIEM arrives all the same.
      await delay(intakeLatencyMs + 200);
      const now = await claims(world);
      log.killed([...now].flatMap(([contentId, owner]) => (before.get(contentId) === owner ? [] : contentId)));
      before = now;
    }
    const left = await settle(app, world, clock);
    const { published, arrived } = countRecords(world);
    console.log(JSON.stringify({ contents: tenant.contents.length, published, arrived, stops, ...log.figures }));
    expect(left).toEqual([]);
    expect(await verify(world, simulator, false)).toEqual([]);
  });
});

/** Contents that are claimed, with their owners. */
async function claims({ table, tenant }: Collected): Promise<ReadonlyMap<string, string>> {
  const owners = new Map<string, string>();
  const filter = `PartitionKey ge '${tenant.tenantId}|' and PartitionKey lt '${tenant.tenantId}}' and claimed eq true`;
  const rows = table.listEntities<{ owner: string }>({ queryOptions: { filter } });
  try {
    for await (const { rowKey = '', owner } of rows) owners.set(rowKey.split('|')[2] ?? '', owner);
  } catch (error) {
    // The first life may have ended before it made the table.
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return owners;
    throw error;
  }
  return owners;
}

/** Lets the app run, and both clocks with it in leaps, until everything has arrived. @returns what has not. */
async function settle(app: KilledApp, world: Collected, clock: ShiftedClock): Promise<readonly string[]> {
  let what: readonly string[] = [];
  for (const minutes of stepsAtTheEnd) {
    clock.shiftMs += minutes * minuteMs;
    await app.start();
    const until = performance.now() + settleMs;
    let before = '';
    for (;;) {
      await delay(1_500);
      ({ what } = await whatIsLeft(world));
      const now = JSON.stringify(what);
      // When nothing moves any more, time has to.
      if (what.length === 0 || now === before || performance.now() > until) break;
      before = now;
    }
    await app.stop();
    if (what.length === 0) break;
  }
  return what;
}

function countRecords({ tenant, deliveries }: Collected): { published: number; arrived: number } {
  const all = [...deliveries.all];
  const arrived = all.reduce((sum, each) => sum + each.arrived.reduce((copies, count) => copies + count, 0), 0);
  return { published: tenant.contents.reduce((sum, { records }) => sum + records.length, 0), arrived };
}
