import pMap from 'p-map';
import type { Dispatcher } from '../dispatching/dispatcher.ts';
import { CollectorError } from '../errors.ts';
import { deadlineReached } from '../forwarding/transfer.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { AdvanceJobs } from '../operating/advance-jobs.ts';
import { type Gate, gateOfListing, listingGates } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { ContentType, TenantSettings } from '../settings/settings.ts';
import { aboutFault } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { ListingRun, TypeLister } from './type-lister.ts';

/** A tenant with what listing needs of it. */
export interface ListedTenant {
  readonly settings: TenantSettings;
  readonly subscriptions: Subscriptions;
  readonly lister: TypeLister;
}

const tenantsAtATime = 16;
/** A tenant that takes longer goes on in the next run, so that a slow one keeps no other waiting. */
const tenantLimitMs = 50_000;
/** While contents wait for room in the queue, a run goes on dispatching for this long, so that it ends before the next one. */
const lingerMs = 50_000;
const dispatchEveryMs = 2_000;
/** Orders are carried out until so much of a run has passed, after the listing; a slow listing leaves them at least this. */
const jobsLimitMs = 40_000;
const leastForJobsMs = 8_000;

/** The work of the listing timer: subscriptions, listing, and dispatch beside it, for all tenants. */
export function createListContent(
  tenants: readonly ListedTenant[],
  dispatcher: Dispatcher,
  advanceJobs: AdvanceJobs,
  pauses: Pauses,
  world: World,
): (run: Run) => Promise<void> {
  const scopes: readonly LedgerScope[] = tenants.flatMap(({ settings: { tenantId, contentTypes } }) =>
    contentTypes.map((contentType) => ({ tenantId, contentType })),
  );
  let turn = 0;

  /** May these gates be passed now: they are open, or their probe is due, which then is this very run. */
  function passable(gates: readonly Gate[]): boolean {
    return gates.every((gate) => pauses.allowance(gate) > 0);
  }

  /** The checkpoint stands where it stood, so the next run lists again from there. */
  async function recordFailure(
    run: Run,
    { settings: { tenantId, name }, subscriptions }: ListedTenant,
    contentType: ContentType | undefined,
    fault: CollectorError,
  ): Promise<void> {
    const { code } = fault;
    if (code === 'deadline_reached') return;
    if (contentType && (code === 'subscription_missing' || code === 'subscription_disabled')) {
      await subscriptions.reportMissing(contentType);
    }
    const gate = gateOfListing(code, tenantId, contentType);
    // A gate tells once when it closes, not every time it is tried.
    if (gate) await pauses.close(gate, fault, run);
    else
      run.log('error', {
        event: 'listing.failed',
        runId: run.id,
        tenantId,
        tenant: name,
        contentType,
        ...aboutFault(fault),
      });
  }

  async function listType(run: ListingRun, tenant: ListedTenant, contentType: ContentType): Promise<void> {
    const gates = listingGates({ tenantId: tenant.settings.tenantId, contentType });
    try {
      await tenant.lister.list(run, contentType);
      await pauses.open(gates, run);
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      await recordFailure(run, tenant, contentType, error);
    }
  }

  async function listTenant(run: ListingRun, tenant: ListedTenant): Promise<void> {
    const { tenantId } = tenant.settings;
    const gates = [
      { kind: 'tenant', tenantId },
      { kind: 'listing', tenantId },
    ] as const;
    if (!passable(gates)) return;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(deadlineReached()), tenantLimitMs);
    const limited = { ...run, signal: AbortSignal.any([run.signal, limit.signal]) };
    try {
      const ready = await tenant.subscriptions.ensure(limited);
      const types = ready.filter((contentType) => passable(listingGates({ tenantId, contentType })));
      // With no type to list, this answer is all there is to see that the API works.
      if (types.length === 0) await pauses.open(gates, run);
      await settleAll(types.map((contentType) => listType(limited, tenant, contentType)));
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      await recordFailure(run, tenant, undefined, error);
    } finally {
      clearTimeout(timer);
    }
  }

  return async (run) => {
    const began = world.monotonicMs();
    const dispatch = await dispatcher.begin(run);
    turn += 1;
    const first = turn % Math.max(tenants.length, 1);
    const inTurn = [...tenants.slice(first), ...tenants.slice(0, first)];
    let listing = true;
    let failure: unknown;
    const listed = pMap(inTurn, (tenant) => listTenant({ ...run, dispatch }, tenant), {
      concurrency: tenantsAtATime,
      stopOnError: false,
    })
      .then(() => {
        const until = Math.max(began + jobsLimitMs, world.monotonicMs() + leastForJobsMs);
        return advanceJobs(run, () => world.monotonicMs() >= until);
      })
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        listing = false;
      });
    const lingering = () => world.monotonicMs() - began < lingerMs && !run.signal.aborted;
    let waiting = false;
    do {
      await Promise.race([listed, world.sleep(dispatchEveryMs)]);
      await dispatch.renew();
      waiting = await dispatch.backlog(scopes);
      if (waiting && !listing && lingering()) await world.sleep(dispatchEveryMs);
    } while (listing || (waiting && lingering()));
    if (dispatch.sent > 0) {
      const { sent, queued } = dispatch;
      run.log('information', { event: 'dispatch.completed', runId: run.id, sent, queued, waiting });
    }
    if (failure !== undefined) throw failure;
  };
}

/** Waits for all, then throws the first failure. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
