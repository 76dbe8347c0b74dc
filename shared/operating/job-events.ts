import type { Job } from '../ledger/jobs.ts';
import { apiTime } from '../management-api/listed-content.ts';
import type { JobRun } from './job-run.ts';

/** Whose job it is, as events tell it. */
function about({ job, tenant }: JobRun) {
  const { order } = job;
  return { jobId: job.id, kind: order.kind, tenantId: order.tenantId, tenant: tenant.settings.name };
}

/** What was ordered. */
export function tellStarted(run: JobRun): void {
  const { order } = run.job;
  run.log('information', {
    event: 'job.started',
    ...about(run),
    contentTypes: order.contentTypes.join(','),
    from: apiTime(order.from),
    to: apiTime(order.to),
  });
}

/** What one run has done of it. */
export function tellAdvanced(run: JobRun, before: Job): void {
  const { found, done, skipped, note } = run.job;
  run.log('information', {
    event: 'job.advanced',
    ...about(run),
    found: found - before.found,
    done: done - before.done,
    skipped: sum(skipped) - sum(before.skipped),
    note,
  });
}

/** What all runs have done of it. */
export function tellCompleted(run: JobRun): void {
  const { found, done, skipped, state } = run.job;
  run.log('information', { event: 'job.completed', ...about(run), state, found, done, skipped: sum(skipped) });
}

/** Of all reasons. */
function sum(skipped: Job['skipped']): number {
  return Object.values(skipped).reduce((total, count) => total + count, 0);
}
