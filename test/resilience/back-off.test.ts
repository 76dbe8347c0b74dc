import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectorError, type Disposition, type ErrorCode } from '../../shared/errors.ts';
import { outcomeOf } from '../../shared/forwarding/outcome.ts';
import { backOffMs, maxAttempts } from '../../shared/resilience/back-off.ts';

const fault = (code: ErrorCode, disposition: Disposition) => new CollectorError('m', { code, disposition });

describe('back-off', () => {
  it('grows from half a minute to at most 6 hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const wait = backOffMs(attempts, random);
        expect(wait).toBeGreaterThanOrEqual(30_000);
        expect(wait).toBeLessThanOrEqual(6 * 3_600_000);
        expect(backOffMs(attempts + 1, random)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});

describe('the outcome of a failure', () => {
  const own = (attempts: number) => ({ attempts, missing: 0, progressed: false, blame: 'content' }) as const;

  it('counts no attempt for a fault that all share, and leaves the time to its gate', () => {
    const shared = { attempts: 10, missing: 0, progressed: false, blame: 'all' } as const;
    expect(outcomeOf(fault('api_throttled', 'pause'), shared, 0)).toEqual({ kind: 'postpone', waitMs: 0, attempts: 9 });
  });

  it('sets a content aside after ten attempts of its own, and one that the API does not find as gone', () => {
    expect(outcomeOf(fault('content_malformed', 'retry'), own(maxAttempts - 1), 0)).toMatchObject({ kind: 'postpone' });
    expect(outcomeOf(fault('content_malformed', 'retry'), own(maxAttempts), 0)).toEqual({
      kind: 'settle',
      state: 'quarantined',
    });
    const missing = fault('content_missing', 'retry');
    expect(outcomeOf(missing, { ...own(maxAttempts), missing: maxAttempts }, 0)).toEqual({
      kind: 'settle',
      state: 'gone',
    });
    expect(outcomeOf(fault('content_expired', 'expired'), own(1), 0)).toEqual({ kind: 'settle', state: 'expired' });
  });

  it('does not take a content for gone that failed by something else until now', () => {
    const missing = { ...own(maxAttempts), missing: 1 };
    expect(outcomeOf(fault('content_missing', 'retry'), missing, 0)).toEqual({ kind: 'settle', state: 'quarantined' });
  });

  it('never gives a content up for what may be the fault of all, and backs off all the same', () => {
    const unplaced = (attempts: number) =>
      outcomeOf(fault('api_unavailable', 'pause'), { ...own(attempts), blame: 'unknown' }, 1);
    let attempts = 0;
    for (let time = 0; time < 100; time += 1) {
      const outcome = unplaced(attempts + 1);
      if (outcome.kind !== 'postpone') throw new Error('it was given up');
      expect(outcome.waitMs).toBe(backOffMs(outcome.attempts, 1));
      attempts = outcome.attempts;
    }
    expect(attempts).toBe(maxAttempts / 2);
    expect(unplaced(maxAttempts)).toMatchObject({ attempts: maxAttempts - 1 });
  });

  it('goes on at once after a deadline that was used well', () => {
    const reached = fault('deadline_reached', 'retry');
    expect(outcomeOf(reached, { ...own(3), progressed: true }, 0)).toEqual({
      kind: 'postpone',
      waitMs: 0,
      attempts: 2,
    });
    expect(outcomeOf(reached, own(3), 0)).toMatchObject({ attempts: 3 });
  });
});
