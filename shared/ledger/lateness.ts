const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * How late contents became listable, counted by the ranges that end here and one beyond; in milliseconds. A content is late when a
 * listing before should have shown it: the time since its contentCreated is the longest that it can have been hidden.
 */
export const latenessEndsMs = [10 * minuteMs, hourMs, 6 * hourMs, 24 * hourMs] as const;

/** How many contents were late, range by range. */
export type Lateness = readonly number[];

/** Nothing was late. */
export const noLateness: Lateness = [...latenessEndsMs, Number.POSITIVE_INFINITY].map(() => 0);

/** Counts those contents that are late; undefined stands for one that is not. */
export function countLate(before: Lateness, lateMs: readonly (number | undefined)[]): Lateness {
  const counts = [...before];
  for (const ms of lateMs) {
    if (ms === undefined) continue;
    const range = latenessEndsMs.findIndex((end) => ms <= end);
    const index = range < 0 ? latenessEndsMs.length : range;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** The counts of both. */
export function addLateness(one: Lateness, other: Lateness): Lateness {
  return one.map((count, range) => count + (other[range] ?? 0));
}

/** As an hour's row has it; missing in a row of an earlier version. */
export function readLateness(column: string | undefined): Lateness {
  const counts = column?.split(',').map(Number) ?? [];
  return noLateness.map((_, range) => counts[range] || 0);
}
