import { addLateness, noLateness } from '../ledger/lateness.ts';
import type { Checkpoint } from '../ledger/progress-rows.ts';
import type { PendingContent, ScopeView } from '../ledger/scope-view.ts';
import { hourStatuses, sumsOf } from './hour-statuses.ts';
import type { PauseStatus, PendingSums, TypeStatus } from './status.ts';
import { verdictOf } from './type-state.ts';

/** A content type as the ledger shows it. */
export function typeStatus(
  contentType: string,
  view: ScopeView,
  checkpoint: Checkpoint | undefined,
  pauses: readonly PauseStatus[],
  now: number,
): TypeStatus {
  const hours = hourStatuses(view, now);
  const { status, lastStart, code, message, remedy } = view.subscription;
  const late = lateOf(view, hours[0]?.hour ?? '');
  const facts = {
    listedUntil: checkpoint ? time(checkpoint.listedUntil) : null,
    open: pendingSums(view.open, view.more.open),
    quarantined: pendingSums(view.quarantined, view.more.quarantined),
    pauses,
    lost: view.lost.map(({ from, to }) => ({ from: time(from), to: time(to) })),
    hours,
  };
  const subscriptionFault = code === '' || code === 'subscription_missing' ? undefined : { code, message, remedy };
  return {
    contentType,
    ...verdictOf({ ...facts, subscriptionFault }, now),
    subscription: { status, startedAt: lastStart > 0 ? time(lastStart) : null },
    ...facts,
    sums: sumsOf(view, hours),
    late,
  };
}

function lateOf({ hours }: ScopeView, from: string): TypeStatus['late'] {
  const shown = hours.filter(({ hour }) => hour >= from);
  const late = shown.reduce((sum, hour) => addLateness(sum, hour.late), noLateness);
  const [upTo10Minutes = 0, upTo1Hour = 0, upTo6Hours = 0, upTo24Hours = 0, longer = 0] = late;
  return { upTo10Minutes, upTo1Hour, upTo6Hours, upTo24Hours, longer };
}

function pendingSums(contents: readonly PendingContent[], more: boolean): PendingSums {
  const codes: Record<string, number> = {};
  for (const { code } of contents) if (code !== '') codes[code] = (codes[code] ?? 0) + 1;
  const least = (times: readonly number[]) =>
    times.length === 0 ? null : time(times.reduce((a, b) => Math.min(a, b)));
  return {
    contents: contents.length,
    more,
    oldestListed: least(contents.map(({ listed }) => listed)),
    oldestCreated: least(contents.map(({ created }) => created)),
    firstExpires: least(contents.map(({ expires }) => expires)),
    codes,
  };
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
