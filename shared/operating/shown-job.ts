import { hasEnded, type Job, type Order } from '../ledger/jobs.ts';
import type { OperatedTenant } from './job-run.ts';
import { isoSeconds } from './read-request.ts';

/** An order as an answer shows it; times as ISO 8601, UTC. */
export interface ShownOrder extends Pick<Order, 'kind' | 'tenantId' | 'contentTypes'> {
  /** The tenant's name; its id once it has gone from the settings. */
  readonly tenant: string;
  readonly from: string;
  readonly to: string;
  /** Of a replay. */
  readonly states?: Order['states'];
  /** Where the order names them. */
  readonly contentIds?: Order['contentIds'];
}

/** A job as an answer shows it. */
export interface ShownJob extends ShownOrder, Pick<Job, 'id' | 'state' | 'found' | 'done' | 'skipped' | 'note'> {
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function shownOrder(order: Order, tenant: OperatedTenant | undefined): ShownOrder {
  const { kind, tenantId, contentTypes, from, to, states, contentIds } = order;
  return {
    kind,
    tenantId,
    tenant: tenant?.settings.name ?? tenantId,
    contentTypes,
    from: isoSeconds(from),
    to: isoSeconds(to),
    ...(kind === 'replay' && { states }),
    ...(contentIds.length > 0 && { contentIds }),
  };
}

export function shownJob(job: Job, tenants: readonly OperatedTenant[]): ShownJob {
  const tenant = tenants.find(({ settings }) => settings.tenantId === job.order.tenantId);
  const { id, state, found, done, skipped, note, createdAt, updatedAt } = job;
  const unknown =
    tenant === undefined && !hasEnded(job) ? 'It waits for its tenant, which is not in the settings.' : '';
  return {
    id,
    state,
    ...shownOrder(job.order, tenant),
    found,
    done,
    skipped,
    note: unknown || note,
    createdAt: isoSeconds(createdAt),
    updatedAt: isoSeconds(updatedAt),
  };
}
