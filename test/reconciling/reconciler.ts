import type { LedgerScope } from '../../shared/ledger/keys.ts';
import { createLedger, type Ledger } from '../../shared/ledger/ledger.ts';
import type { ListedContent } from '../../shared/management-api/listed-content.ts';
import type { ManagementApi } from '../../shared/management-api/management-api.ts';
import { createReconcile } from '../../shared/reconciling/reconcile.ts';
import { createPauses } from '../../shared/resilience/pauses.ts';
import type { ContentType } from '../../shared/settings/settings.ts';
import type { LogEvent } from '../../shared/telemetry/events.ts';
import type { LosingTable } from '../ledger/losing-table.ts';
import { aTenant } from '../management-api/a-tenant.ts';

/** A reconciling timer on a real ledger, with an API that lists what it is given. */
export interface Reconciler {
  readonly ledger: Ledger;
  readonly events: LogEvent[];
  /** Windows that were listed, by tenant. */
  readonly listings: LedgerScope[];
  run(): Promise<void>;
}

/** What a reconciler lives in. */
export interface ReconcilerOptions {
  readonly storage: LosingTable;
  readonly tenantIds: readonly string[];
  readonly contentTypes: readonly ContentType[];
  now(): number;
  monotonicMs?(): number;
  /** What the API can list, whatever the scope. */
  readonly listable?: readonly ListedContent[];
}

/** The reconciling timer as one process has it. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { storage, tenantIds, contentTypes, now, monotonicMs = () => 0, listable = [] } = options;
  const ledger = createLedger(storage.table, now);
  const events: LogEvent[] = [];
  const listings: LedgerScope[] = [];
  const unused = () => Promise.reject(new Error('not used in reconciling'));

  function apiOf(tenantId: string): ManagementApi {
    return {
      listSubscriptions: unused,
      startSubscription: unused,
      download: unused,
      serverNow: now,
      async listContents(contentType, { from, to }) {
        listings.push({ tenantId, contentType });
        return { contents: listable.filter(({ created }) => created >= from && created < to), invalid: 0 };
      },
    };
  }

  const tenants = tenantIds.map((tenantId) => ({
    settings: aTenant({ tenantId, name: tenantId, contentTypes }),
    api: apiOf(tenantId),
  }));
  const pauses = createPauses(storage.table, now, () => 0.5);
  const reconcile = createReconcile(tenants, ledger, pauses, { now, monotonicMs, random: () => 0.3 });
  let runs = 0;
  return {
    ledger,
    events,
    listings,
    run() {
      runs += 1;
      const log = (_level: string, event: LogEvent) => void events.push(event);
      return reconcile({ id: `run-${runs}-${Math.random()}`, log, signal: new AbortController().signal });
    },
  };
}
