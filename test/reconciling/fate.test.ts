import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../shared/errors.ts';
import { outcomeOf } from '../../shared/forwarding/outcome.ts';
import { expiryMarginMs, fateOf, reopenedAttempts } from '../../shared/reconciling/fate.ts';

const hour = 60 * 60_000;
const day = 24 * hour;
const settled = Date.parse('2026-11-20T10:00:00Z');

/** The hours after its first quarantine at which a content comes back, each attempt failing at once. */
function comebacks(lifeMs: number): number[] {
  const expires = settled + lifeMs;
  const found: number[] = [];
  let content = { expires, settled, reopened: 0 };
  for (let now = settled; now < expires + day; now += hour / 6) {
    const fate = fateOf(content, now);
    if (fate === 'expire') break;
    if (fate !== 'reopen') continue;
    found.push((now - settled) / hour);
    content = { expires, settled: now, reopened: content.reopened + 1 };
  }
  return found;
}

describe('a quarantined content', () => {
  it('comes back after 4, then 8, then every 12 hours, until it expires', () => {
    expect(comebacks(3 * day)).toEqual([4, 12, 24, 36, 48, 60]);
    expect(comebacks(7 * day)).toHaveLength(14);
  });

  it('stays for as long as it has to, ends with its own expiry and never before', () => {
    const content = fc.record({
      expires: fc.integer({ min: -day, max: 20 * day }).map((ms) => settled + ms),
      settled: fc.constant(settled),
      reopened: fc.nat({ max: 40 }),
    });
    fc.assert(
      fc.property(content, fc.nat({ max: 25 * day }), (which, waited) => {
        const now = settled + waited;
        const fate = fateOf(which, now);
        expect(fate === 'expire').toBe(now >= which.expires + expiryMarginMs);
        if (fate === 'reopen') {
          expect(now).toBeLessThan(which.expires);
          expect(waited).toBeGreaterThanOrEqual(which.reopened === 0 ? 4 * hour : 8 * hour);
        }
        if (fate === 'wait' && now < which.expires) expect(waited).toBeLessThan(12 * hour);
      }),
    );
  });

  it('has one attempt of its own when it comes back', () => {
    const fault = new CollectorError('The body is cut', { code: 'content_incomplete', disposition: 'retry' });
    const attempt = (attempts: number) =>
      outcomeOf(fault, { attempts, missing: 0, progressed: false, blame: 'content' }, 0);
    expect(attempt(reopenedAttempts + 1)).toEqual({ kind: 'settle', state: 'quarantined' });
    expect(attempt(reopenedAttempts)).toMatchObject({ kind: 'postpone' });
  });
});
