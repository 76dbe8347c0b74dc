export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A length of time for a person, in its largest unit: `40 seconds`, `3 hours`, `12 days`. */
export function durationText(ms: number): string {
  if (ms < 2 * minuteMs) return `${Math.round(ms / 1000)} seconds`;
  if (ms < 2 * hourMs) return `${Math.round(ms / minuteMs)} minutes`;
  return ms < 2 * dayMs ? `${Math.round(ms / hourMs)} hours` : `${Math.round(ms / dayMs)} days`;
}
