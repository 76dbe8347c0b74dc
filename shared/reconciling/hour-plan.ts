import type { HourContents, OpenHours } from '../ledger/hour-contents.ts';
import { type Hour, settledOf } from '../ledger/hour-rows.ts';
import { hourOf } from '../ledger/keys.ts';
import { noLateness } from '../ledger/lateness.ts';
import type { Checkpoint } from '../ledger/progress-rows.ts';
import { reachMs } from '../listing/listing-plan.ts';
import type { TimeWindow } from '../management-api/management-api.ts';

const hourMs = 60 * 60_000;
/** An hour is not looked at before it has been over for so long. */
export const settlingMs = 2 * hourMs;
/** Rows are kept for so long after their hour: a day longer than the API can list it, or it would be taken for new. */
export const retentionMs = 8 * 24 * hourMs;
/** Hours that are judged together, by one listing and one read of the ledger. */
const maxHours = 23;
/** Contents that are listed by one request and its pages; some tenants get only a hundred to a page. */
export const maxContents = 4_000;

/** A finished hour that is to be compared with the ledger's rows, and with a fresh listing of `window`. */
export interface FinishedHour {
  readonly hour: Hour;
  /** Absent when that was done before or can no longer be done. */
  readonly window?: TimeWindow;
}

/** Finished hours, one after the other, that are judged together; `window` covers exactly them. */
export interface Stretch {
  readonly hours: readonly Hour[];
  readonly window?: TimeWindow;
}

/** What the hour's count and its rows come to. */
export type Verdict = 'unfinished' | 'balanced' | 'unbalanced';

/** Start of an hour such as `2026-11-22T15`, milliseconds since 1970. */
export function startOf(hour: string): number {
  return Date.parse(`${hour}:00:00Z`);
}

/** Has the hour been judged at its present count? A content that is listed late changes that. */
export function isJudged({ listed, seal, imbalance }: Hour): boolean {
  return seal?.listed === listed || imbalance?.listed === listed;
}

/**
 * The hours that are over, have been listed to their end and are not judged yet, oldest first. An hour of which nothing was
 * listed is among them for as long as the API can show what it has of it.
 *
 * @param now the server's time
 */
export function finishedHours(
  hours: readonly Hour[],
  { floor, listedUntil }: Pick<Checkpoint, 'floor' | 'listedUntil'>,
  now: number,
): FinishedHour[] {
  const finishedBefore = Math.min(now - settlingMs, listedUntil);
  const windowOf = (start: number): TimeWindow | undefined => {
    const window = { from: Math.max(start, floor), to: start + hourMs };
    return window.from < window.to && window.from >= now - reachMs ? window : undefined;
  };
  const finished = hours
    .filter((hour) => !hour.removing && !isJudged(hour) && startOf(hour.hour) + hourMs <= finishedBefore)
    .map((hour): FinishedHour => {
      const window = hour.comparison ? undefined : windowOf(startOf(hour.hour));
      return { hour, ...(window && { window }) };
    });
  const known = new Set(hours.map(({ hour }) => hour));
  const first = Math.floor(Math.max(floor, now - reachMs) / hourMs) * hourMs;
  for (let start = first; start + hourMs <= finishedBefore; start += hourMs) {
    const window = windowOf(start);
    const hour = hourOf(start);
    if (window && !known.has(hour))
      finished.push({ hour: { hour, listed: 0, late: noLateness, removing: false }, window });
  }
  return finished.sort((one, other) => (one.hour.hour < other.hour.hour ? -1 : 1));
}

/**
 * Puts together what can be judged together. Hours with open contents are left out, and those of which that is not known.
 *
 * @param unfinished hours known to have contents that are not settled, or quarantined
 */
export function stretchesOf(
  finished: readonly FinishedHour[],
  { open, knownBefore }: OpenHours,
  unfinished: ReadonlySet<string>,
): Stretch[] {
  const stretches: { hours: Hour[]; window?: TimeWindow; contents: number; end: number }[] = [];
  for (const { hour, window } of finished) {
    if (open.has(hour.hour) || unfinished.has(hour.hour) || hour.hour >= knownBefore) continue;
    const start = startOf(hour.hour);
    const last = stretches.at(-1);
    const joins =
      last !== undefined &&
      last.end === start &&
      (last.window === undefined) === (window === undefined) &&
      last.hours.length < maxHours &&
      last.contents + hour.listed <= maxContents;
    if (joins) {
      last.hours.push(hour);
      last.contents += hour.listed;
      last.end = start + hourMs;
      if (last.window && window) last.window = { from: last.window.from, to: window.to };
    } else {
      stretches.push({ hours: [hour], contents: hour.listed, end: start + hourMs, ...(window && { window }) });
    }
  }
  return stretches.map(({ hours, window }) => ({ hours, ...(window && { window }) }));
}

/** The windows in which a stretch is listed: narrow enough, by what is known of it, that none has too many pages. */
export function listingParts({ hours, window }: Stretch): TimeWindow[] {
  if (!window) return [];
  const contents = hours.reduce((sum, { listed }) => sum + listed, 0);
  const parts = Math.max(1, Math.ceil(contents / maxContents));
  const widthMs = Math.ceil((window.to - window.from) / parts / 1000) * 1000;
  const windows: TimeWindow[] = [];
  for (let from = window.from; from < window.to; from += widthMs) {
    windows.push({ from, to: Math.min(from + widthMs, window.to) });
  }
  return windows;
}

/** Compares an hour's count with its rows: listed = forwarded + gone + expired, once nothing is open or quarantined. */
export function judge({ listed }: Hour, { open, quarantined, sums }: HourContents): Verdict {
  if (open > 0 || quarantined > 0) return 'unfinished';
  return settledOf(sums) === listed ? 'balanced' : 'unbalanced';
}

/** Is this imbalance another one than was told before? A content that is listed late and settled changes both its sides. */
export function isNews({ listed, imbalance }: Hour, settled: number): boolean {
  return imbalance === undefined || imbalance.listed - imbalance.settled !== listed - settled;
}

/**
 * The hours whose rows are no longer needed, oldest first: judged, and so old that no listing shows them again. That is
 * measured by what has been listed too, so that a wrong clock of ours deletes nothing.
 */
export function removableHours(hours: readonly Hour[], listedUntil: number, now: number): Hour[] {
  const before = Math.min(now, listedUntil) - retentionMs;
  return hours
    .filter((hour) => (hour.removing || isJudged(hour)) && startOf(hour.hour) + hourMs <= before)
    .sort((one, other) => (one.hour < other.hour ? -1 : 1));
}
