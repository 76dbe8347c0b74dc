import { type LedgerScope, partitionKey } from '../ledger/keys.ts';
import type { Log } from './events.ts';
import { createLagSums, type LagSums, type Stations } from './lag.ts';

/** What an attempt at one content adds to the sums. */
export interface Forwarded {
  readonly scope: LedgerScope;
  readonly tenant: string;
  readonly records: number;
  /** It had been settled before, and is sent once more by order. */
  readonly replayed: boolean;
  readonly bytes: number;
  readonly batches: number;
  readonly possiblyDoubledBatches: number;
  /** Of a content that was forwarded to its end; an attempt that failed has none. */
  readonly stations?: Stations;
}

/** Sums per tenant and content type, logged about once a minute: a line per content would cost more than the work. */
export interface ForwardingSums {
  add(forwarded: Forwarded, log: Log): void;
  /** Logs what is there, for the end of the process. */
  flush(log: Log): void;
}

const flushMs = 60_000;

interface Sums {
  readonly about: LedgerScope & { readonly tenant: string };
  contents: number;
  records: number;
  bytes: number;
  batches: number;
  possiblyDoubledBatches: number;
  replayedContents: number;
  replayedRecords: number;
  readonly lag: LagSums;
}

export function createForwardingSums(monotonicMs: () => number): ForwardingSums {
  const sums = new Map<string, Sums>();
  let since = monotonicMs();

  function flush(log: Log): void {
    const seconds = Math.round((monotonicMs() - since) / 1000);
    since = monotonicMs();
    for (const { about, lag, ...counts } of sums.values()) {
      log('information', { event: 'forwarding.sums', ...about, seconds, ...counts, ...lag.fields });
    }
    sums.clear();
  }

  function sumsOf(scope: LedgerScope, tenant: string): Sums {
    const known = sums.get(partitionKey(scope));
    if (known) return known;
    const counts = { contents: 0, records: 0, bytes: 0, batches: 0, possiblyDoubledBatches: 0 };
    const replayed = { replayedContents: 0, replayedRecords: 0 };
    const fresh = { about: { ...scope, tenant }, ...counts, ...replayed, lag: createLagSums() };
    sums.set(partitionKey(scope), fresh);
    return fresh;
  }

  return {
    add({ scope, tenant, records, bytes, batches, possiblyDoubledBatches, replayed, stations }, log) {
      if (sums.size === 0) since = Math.max(since, monotonicMs() - flushMs);
      const sum = sumsOf(scope, tenant);
      sum.records += records;
      sum.bytes += bytes;
      sum.batches += batches;
      sum.possiblyDoubledBatches += possiblyDoubledBatches;
      if (replayed) sum.replayedRecords += records;
      if (stations) {
        sum.contents += 1;
        if (replayed) sum.replayedContents += 1;
        // What was sent long ago is not late.
        else sum.lag.add(stations);
      }
      if (monotonicMs() - since >= flushMs) flush(log);
    },
    flush,
  };
}
