import pMap from 'p-map';
import type { Ledger } from '../ledger/ledger.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { TenantSettings } from '../settings/settings.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import { ageContents } from './age-contents.ts';
import type { ReconcileCounts, ReconciledType, ReconcileRun } from './reconcile-run.ts';
import { removeHours } from './remove-hours.ts';
import { sealHours } from './seal-hours.ts';
import { tellBacklog, tellPauses, tellSilence } from './tell-state.ts';

/** A tenant with what reconciling needs of it. */
export interface ReconciledTenant {
  readonly settings: TenantSettings;
  readonly api: ManagementApi;
}

/** Nothing is begun after so much of a run, so that it ends before its deadline and before the next one. */
const budgetMs = 5 * 60_000;
const typesAtATime = 16;

/**
 * The work of the reconciling timer, scope by scope: what time decides, the sealing of finished hours, the deletion of old rows,
 * and what is to be known of its state. When there is nothing to do that costs three reads a scope, and two more while contents are
 * open. A run that does not get through all of them is followed by one that begins where it stopped.
 */
export function createReconcile(
  tenants: readonly ReconciledTenant[],
  ledger: Ledger,
  pauses: Pauses,
  world: Pick<World, 'now' | 'monotonicMs' | 'random'>,
): (run: Run) => Promise<void> {
  const types = tenants.flatMap(({ settings: { tenantId, name, contentTypes }, api }) =>
    contentTypes.map(
      (contentType): ReconciledType => ({ scope: { tenantId, contentType }, tenant: name, api, ledger }),
    ),
  );
  let start = Math.floor(world.random() * types.length);

  async function reconcileType(run: ReconcileRun, type: ReconciledType): Promise<void> {
    const { scope } = type;
    const [hours, checkpoint] = await Promise.all([ledger.readHours(scope), ledger.readCheckpoint(scope)]);
    const unfinished = await ageContents(run, type);
    await tellBacklog(run, type, hours);
    if (!checkpoint) return;
    tellSilence(run, type, hours, checkpoint.listedUntil);
    await sealHours(run, type, pauses, hours, checkpoint, unfinished);
    await removeHours(run, type, hours, checkpoint.listedUntil);
  }

  return async ({ id, log, signal }) => {
    const began = world.monotonicMs();
    const counts: ReconcileCounts = { expired: 0, reopened: 0, late: 0, sealed: 0, unbalanced: 0, removed: 0 };
    const outOfTime = () => signal.aborted || world.monotonicMs() - began >= budgetMs;
    const run: ReconcileRun = { id, log, signal, counts, outOfTime };
    let begun = 0;
    try {
      await tellPauses(run, types, pauses, world.now());
      await pMap(
        inTurn(types, start),
        async (type) => {
          if (outOfTime()) return;
          begun += 1;
          await reconcileType(run, type);
        },
        { concurrency: typesAtATime, stopOnError: false },
      );
    } finally {
      start = (start + begun) % Math.max(1, types.length);
      const waiting = types.length - begun;
      if (waiting > 0 || Object.values(counts).some((count) => count > 0)) {
        log('information', { event: 'reconcile.completed', runId: id, ...counts, waiting });
      }
    }
  };
}

/** The items in their order, beginning with the one at `start` and going on from the first after the last. */
export function inTurn<T>(items: readonly T[], start: number): T[] {
  return [...items.slice(start), ...items.slice(0, start)];
}
