import { createRecordMultiset, type RecordMultiset } from './record-multiset.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** Records that one request brought and that were accepted. */
export interface AcceptedBatch {
  /** Time of the simulated world. */
  readonly at: number;
  readonly tenantId: string;
  readonly records: number;
  readonly bytes: number;
}

/** An accepted batch with its lines. */
export interface AcceptedLines extends AcceptedBatch {
  readonly lines: readonly Buffer[];
}

/** What has arrived under the key of one tenant. */
export interface ArrivedRecords {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  readonly multiset: RecordMultiset;
  /** The lines in order of arrival; empty unless they are kept. */
  readonly lines: readonly Buffer[];
}

/** Everything that the SIEM has accepted. */
export interface SiemStore {
  /** The latest batches, oldest first; at most 20,000. */
  readonly arrivals: readonly AcceptedBatch[];
  accept(tenant: SimulatedTenant, lines: readonly Buffer[], keep: boolean): void;
  of(tenant: SimulatedTenant): ArrivedRecords;
  /** Returns what stops the listening. */
  onBatch(listener: (batch: AcceptedLines) => void): () => void;
  clear(): void;
}

interface Arrived {
  requests: number;
  records: number;
  bytes: number;
  readonly multiset: RecordMultiset;
  readonly lines: Buffer[];
}

const keptArrivals = 20_000;

/** Nothing has arrived yet. */
export function createSiemStore(now: () => number): SiemStore {
  const byTenant = new Map<string, Arrived>();
  const listeners = new Set<(batch: AcceptedLines) => void>();
  let arrivals: AcceptedBatch[] = [];

  function arrivedOf(tenant: SimulatedTenant): Arrived {
    const known = byTenant.get(tenant.tenantId);
    if (known) return known;
    const created: Arrived = { requests: 0, records: 0, bytes: 0, multiset: createRecordMultiset(), lines: [] };
    byTenant.set(tenant.tenantId, created);
    return created;
  }

  return {
    get arrivals() {
      return arrivals.slice(-keptArrivals);
    },
    accept(tenant, lines, keep) {
      const arrived = arrivedOf(tenant);
      let bytes = 0;
      for (const line of lines) {
        bytes += line.length;
        arrived.multiset.add(line);
        if (keep) arrived.lines.push(line);
      }
      arrived.requests += 1;
      arrived.records += lines.length;
      arrived.bytes += bytes;
      const batch: AcceptedBatch = { at: now(), tenantId: tenant.tenantId, records: lines.length, bytes };
      arrivals.push(batch);
      if (arrivals.length >= 2 * keptArrivals) arrivals = arrivals.slice(-keptArrivals);
      for (const listener of listeners) listener({ ...batch, lines });
    },
    of: arrivedOf,
    onBatch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      byTenant.clear();
      arrivals = [];
    },
  };
}
