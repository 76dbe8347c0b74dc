import { type Hour, noSums } from '../ledger/hour-rows.ts';
import { hourOf } from '../ledger/keys.ts';
import type { PendingContent, ScopeView } from '../ledger/scope-view.ts';
import type { HourState, HourStatus } from './status.ts';

const hourMs = 60 * 60_000;
/** Seven days: as far as the API reaches back. */
export const shownHours = 168;
/** Younger than this, an hour is not judged yet. */
const settlingMs = 3 * hourMs;

/** The last 168 hours of contentCreated, oldest first; the last one is still going on. */
export function hourStatuses(view: ScopeView, now: number): HourStatus[] {
  const rows = new Map(view.hours.map((hour) => [hour.hour, hour]));
  const open = countByHour(view.open);
  const quarantined = countByHour(view.quarantined);
  const current = Math.floor(now / hourMs) * hourMs;
  return Array.from({ length: shownHours }, (_, index) => {
    const start = current - (shownHours - 1 - index) * hourMs;
    const name = hourOf(start);
    const lost = view.lost.some(({ from, to }) => from < start + hourMs && to > start);
    const pending = { open: open.get(name) ?? 0, quarantined: quarantined.get(name) ?? 0 };
    return hourStatus(name, rows.get(name), pending, lost, now - start);
  });
}

function hourStatus(
  hour: string,
  row: Hour | undefined,
  { open, quarantined }: { readonly open: number; readonly quarantined: number },
  lost: boolean,
  ageMs: number,
): HourStatus {
  const listed = row?.listed ?? 0;
  const seal = row?.seal?.listed === listed ? row.seal : undefined;
  const sums = seal?.sums;
  return {
    hour,
    state: stateOf(row, { open, quarantined, lost, ageMs, expired: sums?.expired ?? 0 }),
    listed,
    open,
    quarantined,
    forwarded: sums?.forwarded ?? null,
    gone: sums?.gone ?? null,
    expired: sums?.expired ?? null,
    records: sums?.records ?? null,
    bytes: sums?.bytes ?? null,
    lagMeanSeconds: (seal && row?.lag?.meanSeconds) ?? null,
    lagMaxSeconds: (seal && row?.lag?.maxSeconds) ?? null,
  };
}

interface HourFacts {
  readonly open: number;
  readonly quarantined: number;
  readonly lost: boolean;
  readonly ageMs: number;
  readonly expired: number;
}

/** The worst that is known of it. */
function stateOf(row: Hour | undefined, { open, quarantined, lost, ageMs, expired }: HourFacts): HourState {
  if (lost) return 'lost';
  if (row?.imbalance !== undefined && row.imbalance.listed === row.listed && row.seal?.listed !== row.listed) {
    return 'unbalanced';
  }
  if (expired > 0) return 'expired';
  if (quarantined > 0) return 'quarantined';
  if (open > 0) return ageMs > settlingMs ? 'waiting' : 'running';
  if (row?.seal?.listed === row?.listed && row?.seal !== undefined) return row.listed === 0 ? 'none' : 'complete';
  return row === undefined || row.listed === 0 ? 'none' : 'running';
}

function countByHour(contents: readonly PendingContent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { hour } of contents) counts.set(hour, (counts.get(hour) ?? 0) + 1);
  return counts;
}

/** Of hours before this one it is known how many contents are open and quarantined; of later ones not where a look ended early. */
function lookedAtUntil({ open, quarantined, more }: ScopeView): string {
  // They stand in the order of their hours; the last one may have more than were looked at.
  const ends = [
    ...(more.open ? [open.at(-1)?.hour ?? ''] : []),
    ...(more.quarantined ? [quarantined.at(-1)?.hour ?? ''] : []),
  ];
  return ends.sort()[0] ?? '9';
}

/**
 * What became of the contents of these hours; `settled` are those of hours that are not judged yet, as far as all that is pending in
 * them was looked at.
 */
export function sumsOf(view: ScopeView, hours: readonly HourStatus[]) {
  const shown = new Set(hours.map(({ hour }) => hour));
  const known = lookedAtUntil(view);
  const sums = { listed: 0, forwarded: 0, gone: 0, expired: 0, settled: 0, records: 0, bytes: 0, possiblyDoubled: 0 };
  for (const { hour, listed, open, quarantined, forwarded } of hours) {
    sums.listed += listed;
    if (forwarded === null && hour < known) sums.settled += Math.max(0, listed - open - quarantined);
    const seal = view.hours.find((each) => each.hour === hour)?.seal;
    if (forwarded === null || !seal || !shown.has(hour)) continue;
    for (const name of Object.keys(noSums) as (keyof typeof noSums)[]) {
      if (name !== 'refused') sums[name] += seal.sums[name];
    }
  }
  return sums;
}
