/** Longest wait that a service can ask of us. */
const longestMs = 3_600_000;

/** Retry-After, in seconds or as a date, as milliseconds; at most an hour is believed, nonsense is left out. */
export function retryAfter(header: string | undefined, now = Date.now()): { retryAfterMs?: number } {
  if (header === undefined || header.trim() === '') return {};
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: Math.min(ms, longestMs) } : {};
}
