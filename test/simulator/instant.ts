/** A point in time as stories write it: a Date, milliseconds since 1970, an ISO time (UTC), or `HH:MM` of today. */
export type Instant = Date | number | string;

const timeOfDay = /^(\d\d):(\d\d)(?::(\d\d))?$/;
const zone = /(?:Z|[+-]\d\d:?\d\d)$/i;

/**
 * Milliseconds since 1970, UTC.
 *
 * @throws RangeError when the text is no time.
 */
export function millisecondsOf(instant: Instant, now: () => number): number {
  if (typeof instant === 'number') return instant;
  if (typeof instant !== 'string') return instant.getTime();
  const clock = timeOfDay.exec(instant);
  if (clock) {
    const midnight = Math.floor(now() / 86_400_000) * 86_400_000;
    return midnight + (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)) * 1000;
  }
  const parsed = Date.parse(instant.includes('T') && !zone.test(instant) ? `${instant}Z` : instant);
  if (Number.isNaN(parsed)) throw new RangeError(`Not a time: ${instant}`);
  return parsed;
}

/** Digits of a UTC time down to the millisecond, as content ids and page tokens begin: `20261122151500123`. */
export function digitsOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\D/g, '');
}
