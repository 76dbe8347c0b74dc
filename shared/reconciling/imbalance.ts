import { type Comparison, type Hour, type HourSums, settledOf } from '../ledger/hour-rows.ts';
import { faultOf } from '../telemetry/events.ts';
import { isNews } from './hour-plan.ts';
import type { ReconciledType, ReconcileRun } from './reconcile-run.ts';

/**
 * Tells of an hour that does not balance, once for each imbalance. The event goes first: a crash between the two may tell it
 * twice, but not never.
 */
export async function tellImbalance(
  run: ReconcileRun,
  { scope, tenant, ledger }: ReconciledType,
  hour: Hour,
  sums: HourSums,
  comparison?: Comparison,
): Promise<void> {
  const { forwarded, gone, expired } = sums;
  const { listed } = hour;
  const settled = settledOf(sums);
  // What was listed and forwarded while we looked would seem to be one too many.
  if (!(await ledger.isUnchanged(scope, hour))) return;
  if (isNews(hour, settled)) {
    run.counts.unbalanced += 1;
    const message =
      `Of what was created in the hour ${hour.hour} (UTC), ${listed} contents were counted when they were listed, but the ledger has ` +
      `${settled}: ${forwarded} forwarded, ${gone} gone, ${expired} expired. ` +
      (settled < listed
        ? `${listed - settled} have vanished from it without a trace: rows may have been deleted by somebody else.`
        : `${settled - listed} more than were listed: rows may have been written by somebody else.`);
    run.log('error', {
      event: 'hour.unbalanced',
      ...scope,
      tenant,
      hour: hour.hour,
      listed,
      forwarded,
      gone,
      expired,
      ...faultOf('ledger_unbalanced', message),
    });
  }
  await ledger.noteImbalance(scope, hour.hour, { listed, settled }, comparison);
}
