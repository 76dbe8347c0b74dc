import type { Hour } from '../ledger/hour-rows.ts';
import { startOf } from './hour-plan.ts';

const hourMs = 60 * 60_000;
const weekMs = 7 * 24 * hourMs;

/** Hours without any content, at the end of what has been listed. */
export interface Silence {
  /** Start of the first of them, milliseconds since 1970. */
  readonly since: number;
  readonly hours: number;
  /** What the same hours had a week before. */
  readonly expectedContents: number;
}

/** Fewer silent hours say nothing: contents become listable late, and an hour without any is nothing special. */
const fewestHours = 4;
/** A busy type had this much in these hours a week before. */
const busy = { hours: 4, contents: 40 };
/** A quiet type has hours without anything; that all of so many are without is no chance any more. */
const quiet = { hours: 12 };

/**
 * Tells a quiet tenant from a broken one: whether a type has been without contents for longer than its own rhythm explains, which is
 * what it had in the same hours a week before. Undefined when it explains it, and when there is no week to compare with. After a week
 * the silence is the rhythm.
 *
 * @param hours those of which something is known, of the last 8 days
 * @param listedUntil up to where everything has been listed: what has not been listed is not silent
 */
export function silenceOf(hours: readonly Hour[], listedUntil: number): Silence | undefined {
  const contents = new Map(
    hours.filter(({ listed }) => listed > 0).map(({ hour, listed }) => [startOf(hour), listed] as const),
  );
  if (contents.size === 0) return undefined;
  const since = Math.max(...contents.keys()) + hourMs;
  const silentHours = Math.floor((listedUntil - since) / hourMs);
  if (silentHours < fewestHours) return undefined;
  const before = Array.from({ length: silentHours }, (_, hour) => contents.get(since + hour * hourMs - weekMs) ?? 0);
  const expectedContents = before.reduce((sum, count) => sum + count, 0);
  const activeHours = before.filter((count) => count > 0).length;
  const broken = (activeHours >= busy.hours && expectedContents >= busy.contents) || activeHours >= quiet.hours;
  return broken ? { since, hours: silentHours, expectedContents } : undefined;
}
