import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient } from './http/http-client.ts';
import type { Log } from './telemetry/events.ts';
import type { World } from './world.ts';

/** The world as it is. `log` takes the events that belong to no invocation. */
export function createRealWorld(log: Log): World {
  return {
    http: createHttpClient(),
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    async sleep(ms, signal) {
      await sleep(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    },
    random: () => Math.random(),
    log,
  };
}
