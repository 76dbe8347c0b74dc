import { createDestination } from './destinations/destinations.ts';
import { createContentQueue } from './dispatching/content-queue.ts';
import { createDispatcher } from './dispatching/dispatcher.ts';
import { createExamine, type Examine } from './doctor/examine.ts';
import { createBlockPool } from './forwarding/blocks.ts';
import { createForwardContent } from './forwarding/forward-content.ts';
import { createReopenPoisoned } from './forwarding/reopen-poisoned.ts';
import { targetBatchBytes } from './forwarding/transfer.ts';
import { createTellExpiring } from './identity/tell-expiring.ts';
import { createTokenSource } from './identity/token-source.ts';
import type { Delivery } from './ledger/claims.ts';
import { createLedger } from './ledger/ledger.ts';
import { createListContent } from './listing/list-content.ts';
import { createSubscriptions } from './listing/subscriptions.ts';
import { createTypeLister } from './listing/type-lister.ts';
import { createManagementApi } from './management-api/management-api.ts';
import { createAdvanceJobs } from './operating/advance-jobs.ts';
import { createOperate, type Operate } from './operating/operate.ts';
import { createReconcile } from './reconciling/reconcile.ts';
import { createAcceptance } from './resilience/acceptance.ts';
import { createLanes } from './resilience/lanes.ts';
import { createPauses } from './resilience/pauses.ts';
import { createSuspicion } from './resilience/suspicion.ts';
import type { Settings } from './settings/settings.ts';
import { createTellLeftOut } from './settings/tell-left-out.ts';
import { answerStatus, answerUnavailable, type StatusAnswer, type StatusQuestion } from './status/answer.ts';
import { createReadStatus } from './status/read-status.ts';
import { contentQueueName, createStorage } from './storage/storage.ts';
import { storageFault } from './storage/storage-faults.ts';
import { createToldDays } from './storage/told-days.ts';
import { aboutFault } from './telemetry/events.ts';
import { createForwardingSums } from './telemetry/forwarding-sums.ts';
import type { Run } from './telemetry/run.ts';
import type { World } from './world.ts';

/** The product: one method a trigger. Every method returns once its work is durably done or recorded, or throws. */
export interface Collector {
  readonly contentQueueName: string;
  /** Lists what is new and what may have become listable late, and dispatches what is due. */
  listContent(run: Run): Promise<void>;
  /** Forwards one content. `message` is the queue message's text, or the object it holds. */
  forwardContent(message: unknown, delivery: Delivery, run: Run): Promise<void>;
  /** Opens the content of a message again that the host has given up on. */
  reopenPoisoned(message: unknown, run: Run): Promise<void>;
  /** Moves on what only time decides, seals finished hours and deletes old rows. */
  reconcile(run: Run): Promise<void>;
  /** Checks everything that collecting needs, and changes nothing. */
  readonly examine: Examine;
  /** How everything is, as a page or as JSON. */
  status(question: StatusQuestion): Promise<StatusAnswer>;
  /** What an administrator orders and asks, over HTTP. */
  readonly operate: Operate;
  /** Logs the sums that are not logged yet and closes idle connections; for the end of the process. */
  stop(): void;
}

/** On an instance, by host.json: batchSize + newBatchThreshold. */
export const contentsAtATime = 64;
/**
 * The process's byte budget: a block holds a batch and the beginning of what follows. Contents beyond so many wait for each other; a
 * processor can fill no more of them at a time.
 */
const memoryForBatches = { blockBytes: 1.25 * targetBatchBytes, count: 40 };

/** Builds the product from its settings and its world: the one place where the parts meet. */
export function createCollector(settings: Settings, world: World): Collector {
  const tellLeftOut = createTellLeftOut(settings.leftOut, world.monotonicMs);
  const storage = createStorage(settings.storage, world.storagePatience);
  const ledger = createLedger(storage.table, world.now);
  const pauses = createPauses(storage.table, world.now, world.random);
  const acceptance = createAcceptance(storage.table, world.now);
  const dispatcher = createDispatcher(ledger, createContentQueue(storage.queue), pauses, world);
  const sums = createForwardingSums(world.monotonicMs);
  const tellExpiring = createTellExpiring(settings.tenants, createToldDays(storage.table, world.now), world.now);

  const tenants = settings.tenants.map((tenant) => {
    const tokens = createTokenSource({ tenant, now: world.now });
    const api = createManagementApi(tenant, world.http, tokens, world.now);
    return {
      settings: tenant,
      api,
      destination: createDestination(tenant.destination),
      subscriptions: createSubscriptions(tenant, api, ledger, world.now),
      lister: createTypeLister(tenant, api, ledger, settings),
    };
  });

  const listContent = createListContent(
    tenants,
    dispatcher,
    createAdvanceJobs(tenants, ledger, pauses, world),
    pauses,
    world,
  );
  const reconcile = createReconcile(tenants, ledger, pauses, world);
  const readStatus = createReadStatus(tenants, settings, ledger, pauses, world.now);
  const byTenantId = new Map(tenants.map((tenant) => [tenant.settings.tenantId, tenant]));
  const reopenPoisoned = createReopenPoisoned(ledger, byTenantId, world);
  const forwardContent = createForwardContent(byTenantId, {
    claims: ledger,
    pauses,
    suspicion: createSuspicion(),
    acceptance,
    lanes: createLanes({ tenants: tenants.length, most: contentsAtATime }, world.now),
    pool: createBlockPool(memoryForBatches),
    sums,
    world,
  });

  return {
    contentQueueName,
    // Only the timers create what is missing, and tell of storage's faults; without their messages forwarding has nothing to do.
    listContent: (run) =>
      onStorage(async () => {
        tellLeftOut(run.log);
        await storage.ensure();
        await listContent(run);
      }, run),
    forwardContent: (message, delivery, run) => onStorage(() => forwardContent(message, delivery, run)),
    reopenPoisoned: (message, run) => onStorage(() => reopenPoisoned(message, run)),
    reconcile: (run) =>
      onStorage(async () => {
        await storage.ensure();
        await tellExpiring(run);
        await reconcile(run);
      }, run),
    examine: createExamine(settings, storage, ledger, acceptance, world),
    async status(question) {
      try {
        await storage.ensure();
        return await answerStatus(readStatus, question);
      } catch (error) {
        const fault = storageFault(error);
        if (!fault) throw error;
        return answerUnavailable(fault);
      }
    },
    operate: createOperate(tenants, ledger, pauses, storage, world),
    stop() {
      sums.flush(world.log);
      world.http.close();
    },
  };
}

/** Does work that may fail at storage, and says in plain words if it does; the host tries it again. */
async function onStorage(work: () => Promise<void>, tellIn?: Run): Promise<void> {
  try {
    await work();
  } catch (error) {
    const fault = storageFault(error);
    if (!fault) throw error;
    tellIn?.log('error', { event: 'run.failed', runId: tellIn.id, ...aboutFault(fault) });
    throw fault;
  }
}
