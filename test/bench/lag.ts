import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shownLogLine } from '../local/app-log.ts';
import { startHostProcess } from '../local/host-process.ts';
import { percentile } from './median.ts';
import { startChild } from './processes/child.ts';
import type { StorageCommands } from './processes/storage.ts';
import type { Stage } from './scene.ts';

/** How long contents took from being listed to being accepted. */
export interface Lag {
  readonly contents: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly maxSeconds: number;
}

const contentsPerMinute = 200;
const recordsEach = 50;
const publishMs = 3 * 60_000;
/** The timer's period, and time for what it finds. */
const arrivalMs = 90_000;
const latency = { apiMs: 100, intakeMs: 50 };

/** The whole app on the local host, with the timers as they are deployed and the latencies of the real services simulated. */
export async function benchLag({ services, environment, problem }: Stage): Promise<Lag> {
  const storage = await startChild<StorageCommands>(join(import.meta.dirname, 'processes', 'storage.ts'));
  const shown: string[] = [];
  const host = await startHostProcess({
    settings: { ...environment, AzureWebJobsStorage: await storage.call('connectionString') },
    onLine(line) {
      const text = shownLogLine(line);
      if (text) shown.push(text);
    },
  });
  const kill = () => void host.kill();
  process.once('exit', kill);
  try {
    await services.call('latency', latency.apiMs, latency.intakeMs);
    await services.call('beginPublishing', contentsPerMinute, recordsEach);
    await Promise.race([sleep(publishMs), host.ended]);
    await services.call('endPublishing');
    const until = performance.now() + arrivalMs;
    let lags = await services.call('lags');
    while (lags.arrivedMs.length < lags.published && performance.now() < until) {
      await sleep(1_000);
      lags = await services.call('lags');
    }
    const { published, arrivedMs } = lags;
    if (arrivedMs.length < published) {
      problem([`${arrivedMs.length} of ${published} contents have arrived`, ...shown.slice(-10)].join('\n  '));
    }
    const seconds = arrivedMs.map((ms) => ms / 1000);
    return {
      contents: published,
      p50Seconds: percentile(seconds, 0.5),
      p95Seconds: percentile(seconds, 0.95),
      maxSeconds: percentile(seconds, 1),
    };
  } finally {
    await host.stop();
    process.off('exit', kill);
    await storage.stop();
  }
}
