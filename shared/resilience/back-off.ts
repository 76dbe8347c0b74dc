const minuteMs = 60_000;
const longestMs = 6 * 60 * minuteMs;

/** After so many attempts of its own a content is no longer tried as a matter of course. */
export const maxAttempts = 10;

/**
 * How long a content waits after its nth failed attempt, in milliseconds: a minute doubling up to 6 hours, each with
 * jitter of half its length. `random` is from 0 to 1.
 */
export function backOffMs(attempts: number, random: number): number {
  const full = Math.min(minuteMs * 2 ** Math.max(0, attempts - 1), longestMs);
  return Math.round(full * (0.5 + random / 2));
}
