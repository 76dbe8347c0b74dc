import { maxAttempts } from '../resilience/back-off.ts';

const hourMs = 60 * 60_000;

/** A content counts as expired so long after the API's own expiry, for clocks that differ. */
export const expiryMarginMs = hourMs;
/** How long a content stays in quarantine for the first, the second and every further time. */
const quarantineMs = [4 * hourMs, 8 * hourMs, 12 * hourMs] as const;
/** A content opened again has one attempt of its own: when that fails it is quarantined again. */
export const reopenedAttempts = maxAttempts - 1;

/** What becomes of a quarantined content. */
export type Fate = 'expire' | 'reopen' | 'wait';

/**
 * Decides it. All times in milliseconds since 1970.
 *
 * @param content `expires` as the API said, `settled` when it was quarantined last, `reopened` how often it came back before
 */
export function fateOf(
  content: { readonly expires: number; readonly settled: number; readonly reopened: number },
  now: number,
): Fate {
  const { expires, settled, reopened } = content;
  if (now >= expires + expiryMarginMs) return 'expire';
  const stayMs = quarantineMs[Math.min(reopened, quarantineMs.length - 1)] ?? 0;
  return now < expires && now - settled >= stayMs ? 'reopen' : 'wait';
}
