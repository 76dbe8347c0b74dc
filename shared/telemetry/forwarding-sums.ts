import { type LedgerScope, partitionKey } from '../ledger/keys.ts';
import type { Log } from './events.ts';

/** What one content adds to the sums. */
export interface Forwarded {
  readonly scope: LedgerScope;
  readonly tenant: string;
  readonly contents: number;
  readonly records: number;
  readonly bytes: number;
  readonly batches: number;
  readonly possiblyDoubledBatches: number;
  readonly lagMs: number;
}

/** Sums per tenant and content type, logged about once a minute: a line per content would cost more than the work. */
export interface ForwardingSums {
  add(forwarded: Forwarded, log: Log): void;
  /** Logs what is there, for the end of the process. */
  flush(log: Log): void;
}

const flushMs = 60_000;

export function createForwardingSums(monotonicMs: () => number): ForwardingSums {
  const sums = new Map<string, Forwarded>();
  let since = monotonicMs();

  function flush(log: Log): void {
    const seconds = Math.round((monotonicMs() - since) / 1000);
    since = monotonicMs();
    for (const { scope, tenant, lagMs, ...sum } of sums.values()) {
      log('information', {
        event: 'forwarding.sums',
        ...scope,
        tenant,
        seconds,
        ...sum,
        maxLagSeconds: Math.round(lagMs / 1000),
      });
    }
    sums.clear();
  }

  return {
    add(forwarded, log) {
      if (sums.size === 0) since = Math.max(since, monotonicMs() - flushMs);
      const key = partitionKey(forwarded.scope);
      const sum = sums.get(key);
      sums.set(key, {
        ...forwarded,
        contents: forwarded.contents + (sum?.contents ?? 0),
        records: forwarded.records + (sum?.records ?? 0),
        bytes: forwarded.bytes + (sum?.bytes ?? 0),
        batches: forwarded.batches + (sum?.batches ?? 0),
        possiblyDoubledBatches: forwarded.possiblyDoubledBatches + (sum?.possiblyDoubledBatches ?? 0),
        lagMs: Math.max(forwarded.lagMs, sum?.lagMs ?? 0),
      });
      if (monotonicMs() - since >= flushMs) flush(log);
    },
    flush,
  };
}
