import type { LedgerScope } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import type { Run } from '../telemetry/run.ts';

/** What a run has done so far, all tenants and types together. */
export interface ReconcileCounts {
  /** Contents whose time was over. */
  expired: number;
  /** Contents that came back from quarantine. */
  reopened: number;
  /** Contents that a fresh listing showed for the first time. */
  late: number;
  /** Hours. */
  sealed: number;
  /** Hours. */
  unbalanced: number;
  /** Rows of contents. */
  removed: number;
}

/** One run of the reconciling timer. */
export interface ReconcileRun extends Run {
  readonly counts: ReconcileCounts;
  /** Whether to begin nothing more: what is left, the next run finds again. */
  outOfTime(): boolean;
}

/** One content type of one tenant, with what reconciling needs of it. */
export interface ReconciledType {
  readonly scope: LedgerScope;
  /** The tenant's name. */
  readonly tenant: string;
  readonly api: ManagementApi;
  readonly ledger: Ledger;
}
