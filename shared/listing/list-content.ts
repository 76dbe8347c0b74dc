import pMap from 'p-map';
import type { Dispatcher } from '../dispatching/dispatcher.ts';
import { CollectorError } from '../errors.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { ContentType, TenantSettings } from '../settings/settings.ts';
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
/** While contents wait for room in the queue, a run goes on dispatching for this long, so that it ends before the next one. */
const lingerMs = 45_000;
const lingerStepMs = 2_000;

/** The work of the listing timer: subscriptions, listing, dispatch, for all tenants. */
export function createListContent(
  tenants: readonly ListedTenant[],
  dispatcher: Dispatcher,
  world: World,
): (run: Run) => Promise<void> {
  const scopes: readonly LedgerScope[] = tenants.flatMap(({ settings: { tenantId, contentTypes } }) =>
    contentTypes.map((contentType) => ({ tenantId, contentType })),
  );

  async function listType(
    run: ListingRun,
    { settings, subscriptions, lister }: ListedTenant,
    contentType: ContentType,
  ): Promise<void> {
    try {
      await lister.list(run, contentType);
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      // The checkpoint stands where it stood: the next run lists again from there.
      const { code, message, externalCode } = error;
      const about = {
        tenantId: settings.tenantId,
        tenant: settings.name,
        contentType,
      };
      if (code === 'subscription_missing' || code === 'subscription_disabled')
        await subscriptions.reportMissing(contentType, error);
      if (code !== 'deadline_reached')
        run.log('error', {
          event: 'listing.failed',
          runId: run.id,
          ...about,
          code,
          message,
          externalCode,
        });
    }
  }

  async function listTenant(run: ListingRun, tenant: ListedTenant): Promise<void> {
    const ready = await tenant.subscriptions.ensure(run);
    await settleAll(ready.map((contentType) => listType(run, tenant, contentType)));
  }

  return async (run) => {
    const began = world.monotonicMs();
    const dispatch = await dispatcher.begin(run.id);
    const listing = pMap(tenants, (tenant) => listTenant({ ...run, dispatch }, tenant), {
      concurrency: tenantsAtATime,
      stopOnError: false,
    });
    const listed = await listing.then(
      () => undefined,
      (error: unknown) => error,
    );
    let waiting = await dispatch.backlog(scopes);
    while (waiting && world.monotonicMs() - began < lingerMs && !run.signal.aborted) {
      await world.sleep(lingerStepMs, run.signal);
      await dispatch.renew();
      waiting = await dispatch.backlog(scopes);
    }
    if (dispatch.sent > 0) {
      const { sent, queued } = dispatch;
      run.log('information', {
        event: 'dispatch.completed',
        runId: run.id,
        sent,
        queued,
        waiting,
      });
    }
    if (listed !== undefined) throw listed;
  };
}

/** Waits for all, then throws the first failure. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
