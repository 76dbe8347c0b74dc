import type { HttpClient } from './http/http-client.ts';
import type { StoragePatience } from './storage/storage.ts';
import type { Log } from './telemetry/events.ts';

/** Everything impure that the collector needs. Tests give a world of their own. */
export interface World {
  readonly http: HttpClient;
  /** Wall clock in milliseconds since 1970, UTC. */
  now(): number;
  /** A clock for durations, in milliseconds, which no change of the wall clock moves. */
  monotonicMs(): number;
  /** @throws the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** How patient storage's clients are; the product's own patience by default. */
  readonly storagePatience?: StoragePatience;
  /** Where events go that belong to no invocation. */
  readonly log: Log;
}
