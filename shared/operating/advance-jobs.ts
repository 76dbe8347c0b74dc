import pMap from 'p-map';
import { hasEnded, type Job } from '../ledger/jobs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import { advanceBackfill } from './advance-backfill.ts';
import { advanceReplay } from './advance-replay.ts';
import { tellAdvanced, tellCompleted, tellStarted } from './job-events.ts';
import { afterStep, isDone, type JobRun, type OperatedTenant, typesToDo } from './job-run.ts';

/** A job that has ended is kept for so long, for whoever asks; as long as the rows of what it has done. */
const keptMs = 8 * 24 * 60 * 60_000;
const tenantsAtATime = 4;

/** Does what the orders say, for as long as `outOfTime` allows; the next run goes on where it stopped. */
export type AdvanceJobs = (run: Run, outOfTime: () => boolean) => Promise<void>;

/**
 * The jobs' work within a run of the listing timer, after its listing: so nobody else inserts into the ledger, or moves a checkpoint.
 * Without jobs it costs one read. Those of a tenant go on one after the other, those of a tenant that is not in the settings wait. A
 * tenant whose jobs have not come on for longest goes first: neither long jobs nor an API that does not answer keep others waiting.
 */
export function createAdvanceJobs(
  tenants: readonly OperatedTenant[],
  ledger: Ledger,
  pauses: Pauses,
  { now }: Pick<World, 'now'>,
): AdvanceJobs {
  async function advance(run: Run, tenant: OperatedTenant, found: Job, outOfTime: () => boolean): Promise<void> {
    let job: Job = found;
    let gone = false;
    const jobRun: JobRun = {
      ...run,
      tenant,
      ledger,
      pauses,
      outOfTime: () => run.signal.aborted || outOfTime(),
      get job() {
        return job;
      },
      async note(step) {
        const noted = await ledger.noteJob(job, afterStep(job, step));
        gone = noted === undefined;
        job = noted ?? job;
        return !gone && !hasEnded(job);
      },
    };
    if (job.state === 'waiting') tellStarted(jobRun);
    await (job.order.kind === 'backfill' ? advanceBackfill(jobRun) : advanceReplay(jobRun));
    if (gone) return;
    if (!hasEnded(job) && isDone(job)) await finish();
    if (hasEnded(job)) tellCompleted(jobRun);
    else if (job.found > found.found) tellAdvanced(jobRun, found);

    async function finish(): Promise<void> {
      const missing = Math.max(0, job.order.contentIds.length - job.found);
      const skipped = missing > 0 ? { ...job.skipped, missing } : job.skipped;
      job = (await ledger.noteJob(job, { ...job, state: 'finished', skipped, note: '' })) ?? job;
    }
  }

  return async (run, outOfTime) => {
    const jobs = await ledger.listJobs();
    const old = jobs.filter((job) => hasEnded(job) && now() - job.updatedAt > keptMs);
    for (const job of old) await ledger.removeJob(job);
    await pMap(
      longestWaitingFirst(tenants, jobs),
      async (tenant) => {
        for (const job of jobs) {
          const theirs = job.order.tenantId === tenant.settings.tenantId;
          if (!theirs || hasEnded(job) || outOfTime()) continue;
          // Types that were taken out of the settings keep it waiting.
          if (!isDone(job) && typesToDo(job, tenant).length === 0) continue;
          await advance(run, tenant, job, outOfTime);
        }
      },
      { concurrency: tenantsAtATime, stopOnError: false },
    );
  };
}

/** The tenants by the time at which any of their jobs came on last. */
export function longestWaitingFirst<T extends Pick<OperatedTenant, 'settings'>>(
  tenants: readonly T[],
  jobs: readonly Job[],
): T[] {
  const cameOn = new Map<string, number>();
  for (const job of jobs) {
    const { tenantId } = job.order;
    if (!hasEnded(job)) cameOn.set(tenantId, Math.max(cameOn.get(tenantId) ?? 0, job.updatedAt));
  }
  const at = ({ settings }: T) => cameOn.get(settings.tenantId) ?? 0;
  return [...tenants].sort((one, other) => at(one) - at(other));
}
