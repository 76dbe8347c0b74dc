import type { CollectorError } from '../errors.ts';
import type { SettledState } from '../ledger/keys.ts';
import { backOffMs, maxAttempts } from '../resilience/back-off.ts';
import type { Blame } from '../resilience/suspicion.ts';

/** What becomes of a content whose transfer failed. */
export type Outcome =
  | { readonly kind: 'settle'; readonly state: SettledState }
  | { readonly kind: 'postpone'; readonly waitMs: number; readonly attempts: number };

/** The attempt that failed. */
export interface FailedAttempt {
  /** This one included. */
  readonly attempts: number;
  /** How often the API did not find the content, this time included. */
  readonly missing: number;
  /** Records were accepted in it. */
  readonly progressed: boolean;
  readonly blame: Blame;
}

/** Failures that nobody can place count up to here, so that the content backs off, and is never given up for them. */
const mostUnplaced = maxAttempts / 2;

/** When too much was asked for at a time: by then, some of it is done. */
const crowdedMs = 5_000;

/**
 * Decides it: what the API no longer has is settled as that; a shared fault costs the content no attempt, and its gate decides
 * when work goes on; a fault of its own backs off, and after ten the content is set aside so that nothing waits for it. What may be
 * either backs off, and uses up no content. Gone is only what the API did not find ten times over.
 * `random` is from 0 to 1.
 */
export function outcomeOf(
  fault: CollectorError,
  { attempts, missing, progressed, blame }: FailedAttempt,
  random: number,
): Outcome {
  const refunded = Math.max(0, attempts - 1);
  if (blame === 'crowd') return { kind: 'postpone', waitMs: crowdedMs * (1 + random), attempts: refunded };
  if (fault.disposition === 'expired') return { kind: 'settle', state: 'expired' };
  if (fault.disposition === 'quarantine') return { kind: 'settle', state: 'quarantined' };
  if (blame === 'all' || (fault.code === 'deadline_reached' && progressed))
    return { kind: 'postpone', waitMs: 0, attempts: refunded };
  if (blame === 'unknown') {
    const counted = Math.min(attempts, Math.max(refunded, mostUnplaced));
    return { kind: 'postpone', waitMs: backOffMs(counted, random), attempts: counted };
  }
  if (attempts < maxAttempts) return { kind: 'postpone', waitMs: backOffMs(attempts, random), attempts };
  const gone = fault.code === 'content_missing' && missing >= maxAttempts;
  return { kind: 'settle', state: gone ? 'gone' : 'quarantined' };
}
