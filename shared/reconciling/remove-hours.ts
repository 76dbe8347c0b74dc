import { noContents } from '../ledger/hour-contents.ts';
import { type Hour, settledOf } from '../ledger/hour-rows.ts';
import { isNews, judge, removableHours } from './hour-plan.ts';
import { tellImbalance } from './imbalance.ts';
import type { ReconciledType, ReconcileRun } from './reconcile-run.ts';

/** Rows deleted in one run and scope, about; the next run goes on. */
const maxRows = 20_000;
const rowsAtATime = 100;

/**
 * Deletes the rows of hours that no listing shows again, the hour's own row last. Before the first one goes, they are counted
 * once more: what vanished since the hour was judged is told.
 */
export async function removeHours(
  run: ReconcileRun,
  type: ReconciledType,
  hours: readonly Hour[],
  listedUntil: number,
): Promise<void> {
  let removed = 0;
  for (const hour of removableHours(hours, listedUntil, type.api.serverNow())) {
    if (run.outOfTime() || removed >= maxRows) return;
    removed += await removeHour(run, type, hour);
  }
}

/** Returns how many rows of contents went. */
async function removeHour(run: ReconcileRun, type: ReconciledType, hour: Hour): Promise<number> {
  const { scope, ledger } = type;
  const contents = (await ledger.readHourContents(scope, hour.hour, hour.hour)).get(hour.hour) ?? noContents;
  const { rowKeys, sums } = contents;
  const verdict = judge(hour, contents);
  if (verdict === 'unfinished') return 0;
  let current: Hour | undefined = hour;
  if (!hour.removing) {
    if (verdict === 'unbalanced' && isNews(hour, settledOf(sums))) {
      await tellImbalance(run, type, hour, sums);
      return 0;
    }
    if (rowKeys.length > 0) current = await ledger.beginRemoval(scope, hour);
  }
  if (!current) return 0;
  let removed = 0;
  while (removed < rowKeys.length) {
    const part = rowKeys.slice(removed, removed + rowsAtATime);
    if (run.outOfTime() || !(await ledger.removeContents(scope, part))) return removed;
    removed += part.length;
    run.counts.removed += part.length;
  }
  await ledger.removeHour(scope, current);
  return removed;
}
