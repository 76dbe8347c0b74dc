import type { CollectorError } from '../errors.ts';
import type { SettledState } from '../ledger/keys.ts';
import { backOffMs, maxAttempts, sharedWaitMs } from '../resilience/back-off.ts';

/** What becomes of a content whose transfer failed. */
export type Outcome =
  | { readonly kind: 'settle'; readonly state: SettledState }
  | { readonly kind: 'postpone'; readonly waitMs: number; readonly attempts: number };

/**
 * Decides it: what the API no longer has is settled as that, a shared fault costs the content no attempt, one of its own
 * backs off, and after ten it is set aside so that nothing waits for it. `attempts` counts the one that failed;
 * `progressed` is whether it got records accepted; `random` is from 0 to 1.
 */
export function outcomeOf(fault: CollectorError, attempts: number, progressed: boolean, random: number): Outcome {
  const refunded = Math.max(0, attempts - 1);
  switch (fault.disposition) {
    case 'gone':
    case 'expired':
      return { kind: 'settle', state: fault.disposition };
    case 'quarantine':
      return { kind: 'settle', state: 'quarantined' };
    case 'pause':
    case 'fault':
      return { kind: 'postpone', waitMs: sharedWaitMs(fault.retryAfterMs, random), attempts: refunded };
    case 'retry':
    case 'relist':
    case 'continue':
      if (fault.code === 'deadline_reached' && progressed) return { kind: 'postpone', waitMs: 0, attempts: refunded };
      if (attempts < maxAttempts) return { kind: 'postpone', waitMs: backOffMs(attempts, random), attempts };
      return { kind: 'settle', state: fault.code === 'content_missing' ? 'gone' : 'quarantined' };
  }
}
