import type { Job, JobProgress, TypeCursor } from '../ledger/jobs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { ContentType, TenantSettings } from '../settings/settings.ts';
import type { Run } from '../telemetry/run.ts';

/** A tenant with what jobs need of it. */
export interface OperatedTenant {
  readonly settings: TenantSettings;
  readonly api: ManagementApi;
}

/** A job while a run of the listing timer works on it. */
export interface JobRun extends Run {
  readonly tenant: OperatedTenant;
  readonly ledger: Ledger;
  readonly pauses: Pauses;
  /** Begin nothing more: the next run goes on at the cursor. */
  outOfTime(): boolean;
  /** The job as it stands in its row. */
  readonly job: Job;
  /**
   * Notes what was just done, so that a crash repeats no more than that.
   *
   * @returns whether the job is to go on: it was neither cancelled nor deleted meanwhile.
   */
  note(step: JobStep): Promise<boolean>;
}

/** A piece of a job's work: how many contents it came across and what became of them, and where the type's cursor is now. */
export interface JobStep extends Partial<Pick<JobProgress, 'found' | 'done' | 'skipped' | 'note'>> {
  readonly contentType: ContentType;
  readonly cursor: TypeCursor;
}

/** The progress after a step. */
export function afterStep(before: JobProgress, step: JobStep): JobProgress {
  const skipped = { ...before.skipped };
  for (const [reason, count] of Object.entries(step.skipped ?? {}) as [keyof typeof skipped, number][]) {
    if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
  }
  return {
    state: before.state === 'waiting' ? 'running' : before.state,
    cursors: { ...before.cursors, [step.contentType]: step.cursor },
    found: before.found + (step.found ?? 0),
    done: before.done + (step.done ?? 0),
    skipped,
    note: step.note ?? '',
  };
}

/** Has every type been gone through? */
export function isDone({ order, cursors }: Job): boolean {
  return order.contentTypes.every((type) => cursors[type]?.ended);
}

/** Content types that the job has still to go through, of those that the settings have; the others wait until they are there again. */
export function typesToDo({ order, cursors }: Job, { settings }: OperatedTenant): ContentType[] {
  return order.contentTypes.filter((type) => !cursors[type]?.ended && settings.contentTypes.includes(type));
}
