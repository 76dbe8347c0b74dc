import { type Answer, jsonAnswer } from './answer.ts';
import type { FaultHandle, Faults, Subject } from './faults.ts';
import { type ReceivedRequest, startService, type Watch } from './http-service.ts';
import { type IntakeState, keyHeader, maxRequestBytes, type SiemKnobs, takeBatch, takeJsonBatch } from './intake.ts';
import { createRandom, mixSeeds } from './random.ts';
import type { RequestCounts } from './request-counts.ts';
import { type AcceptedBatch, type AcceptedLines, type ArrivedRecords, createSiemStore } from './siem-store.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import { createViolations } from './violations.ts';
import { plainText, resetBeforeAnswer } from './wire-faults.ts';

/** The HTTP intake of a SIEM, with one intake key a tenant. */
export interface Siem extends SiemKnobs {
  readonly origin: string;
  readonly requests: RequestCounts;
  readonly faults: Faults;
  /** Everything that a well-behaved client does not send; empty is what to expect. */
  readonly violations: string[];
  /** Content-Type and Content-Encoding of the requests so far, with how many had them. */
  readonly encodings: ReadonlyMap<string, number>;
  readonly arrivals: readonly AcceptedBatch[];
  /** The lines accepted, in order of arrival, of one tenant or tenant after tenant. */
  records(tenant?: SimulatedTenant): Buffer[];
  arrived(tenant: SimulatedTenant): ArrivedRecords;
  onBatch(listener: (batch: AcceptedLines) => void): () => void;
  /** Nothing is accepted until a time of the world, or until `up()`; status 503, or the connection is reset. */
  down(options?: { readonly until?: number; readonly how?: 'unavailable' | 'reset' }): void;
  up(): void;
  refuseKey(tenant: SimulatedTenant): void;
  acceptKey(tenant: SimulatedTenant): void;
  /** Forgets what has arrived. */
  clear(): void;
  close(): Promise<void>;
}

/** What the SIEM needs of the world. */
export interface SiemOptions {
  readonly seed: number;
  readonly tenants: readonly SimulatedTenant[];
  readonly latencyMs: number;
  readonly watch?: Watch | undefined;
  now(): number;
}

/** By path; the collector knows the first alone, simpler clients use the second. */
const operations: ReadonlyMap<string, string> = new Map([
  ['/plain/batch', 'batch'],
  ['/batch', 'json-batch'],
]);

/** Starts the SIEM on a free port. */
export async function startSiem({ seed, tenants, latencyMs, watch, now }: SiemOptions): Promise<Siem> {
  const { list: violations, violate } = createViolations();
  const store = createSiemStore(now);
  const byKey = new Map(tenants.map((tenant) => [tenant.intakeKey, tenant]));
  const state: IntakeState = { knobs: () => siem, tenants: byKey, store, events: 0, violate };
  const encodings = new Map<string, number>();
  let outage: FaultHandle | undefined;

  function observe(request: ReceivedRequest): Subject {
    const { headers } = request;
    const operation = (request.method === 'POST' && operations.get(request.path)) || 'unknown';
    if (operation === 'unknown') violate(`unknown address: ${request.method} ${request.path}`);
    const encoding = `${headers['content-type'] ?? 'none'}; ${headers['content-encoding'] ?? 'identity'}`;
    encodings.set(encoding, (encodings.get(encoding) ?? 0) + 1);
    return { operation, tenantId: byKey.get(String(headers[keyHeader]))?.tenantId };
  }

  async function answer(request: ReceivedRequest, { operation }: Subject): Promise<Answer> {
    if (operation === 'batch') return takeBatch(state, request);
    return operation === 'json-batch' ? takeJsonBatch(state, request) : jsonAnswer(404, { message: 'Not found' });
  }

  const service = await startService(
    {
      operations: [...operations.values(), 'unknown'],
      now,
      latencyMs: () => siem.latencyMs,
      maxBodyBytes: maxRequestBytes,
      watch,
      observe,
      answer,
      failed: violate,
    },
    now,
    createRandom(mixSeeds(seed, 4)),
  );

  const siem: Siem = {
    origin: service.origin,
    requests: service.requests,
    faults: service.faults,
    violations,
    encodings,
    maxBytes: maxRequestBytes,
    latencyMs,
    keepRecords: true,
    refuseRecord: undefined,
    refusedKeys: new Set(),
    get arrivals() {
      return store.arrivals;
    },
    records: (tenant) => (tenant ? [tenant] : tenants).flatMap((wanted) => [...store.of(wanted).lines]),
    arrived: store.of,
    onBatch: store.onBatch,
    down({ until, how = 'unavailable' } = {}) {
      outage?.remove();
      const fault = how === 'reset' ? resetBeforeAnswer() : plainText(503, 'Service Unavailable');
      outage = service.faults.add({ ...(until === undefined ? {} : { until }), answer: fault });
    },
    up() {
      outage?.remove();
    },
    refuseKey(tenant) {
      siem.refusedKeys.add(tenant.intakeKey);
    },
    acceptKey(tenant) {
      siem.refusedKeys.delete(tenant.intakeKey);
    },
    clear: store.clear,
    close: service.close,
  };
  return siem;
}
