import tls from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { createModelWorld, type Ground } from './model-world.ts';
import { createQueueDriver } from './queue-driver.ts';
import { reachQuiet } from './quiet-end.ts';
import { regressions } from './regressions.ts';
import { anyStep, type Step } from './steps.ts';
import { takeStep } from './take-step.ts';

/** MODEL_SEED and MODEL_PATH repeat a run that failed, MODEL_SECONDS bounds it. */
const seed = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const path = process.env['MODEL_PATH'];
const seconds = Number(process.env['MODEL_SECONDS'] ?? 120);
const stepsAtATime = 150;
const tenants = 3_000;

describe('any sequence of work, faults and crashes', () => {
  let azurite: Azurite;
  let ground: Ground;
  const trusted = tls.getCACertificates('default');
  const done = { sequences: 0, steps: 0, mishaps: 0, contents: 0, repeats: 0, events: 0 };

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-20T10:00:00Z') });
    azurite = await startAzurite();
    const simulator = await createSimulator({ tenants });
    simulator.siem.keepRecords = false;
    tls.setDefaultCACertificates([...trusted, simulator.caCertificate]);
    const { connectionString } = azurite;
    ground = { simulator, connectionString, queue: await createQueueDriver(connectionString) };
  });

  afterAll(async () => {
    await ground.simulator.close();
    await azurite.stop();
    tls.setDefaultCACertificates(trusted);
    vi.useRealTimers();
  });

  async function problemsAfter(steps: readonly Step[]): Promise<readonly string[]> {
    const tenant = ground.simulator.tenants[done.sequences % tenants];
    if (!tenant) throw new RangeError('no tenant left');
    done.sequences += 1;
    const world = await createModelWorld(ground, tenant, done.sequences);
    try {
      for (const step of steps) await takeStep(world, step);
      return await reachQuiet(world);
    } finally {
      await world.close();
      done.steps += steps.length;
      done.mishaps += world.mishaps;
      done.contents += tenant.contents.length;
      for (const { repeats, events } of world.deliveries.all) {
        done.repeats += repeats;
        done.events += events;
      }
    }
  }

  it(
    'ends with everything arrived, doubled only where something crashed, and the sums right',
    async () => {
      console.log(`MODEL_SEED=${seed}`);
      const property = fc.asyncProperty(
        fc.array(anyStep, { minLength: 1, maxLength: stepsAtATime, size: 'max' }),
        async (steps) => {
          expect(await problemsAfter(steps)).toEqual([]);
        },
      );
      await fc.assert(property, {
        seed,
        numRuns: 100_000,
        examples: regressions.map((steps): [Step[]] => [steps]),
        interruptAfterTimeLimit: seconds * 1000,
        ...(path === undefined ? {} : { path }),
      });
      console.log(JSON.stringify(done));
    },
    (seconds + 60) * 1000,
  );
});
