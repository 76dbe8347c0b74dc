import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowance, handPause, type Pause, pauseAfter, probeMs } from '../../shared/resilience/pause-plan.ts';

const minute = 60_000;
const start = Date.parse('2026-11-20T10:00:00Z');
const fault = { code: 'destination_unavailable', message: 'm', remedy: 'r' } as const;

/** The pause after so many failed probes, each as soon as it is due. */
function afterFailures(failures: number): Pause {
  let pause = pauseAfter(undefined, fault, start, 0);
  for (let failure = 1; failure < failures; failure += 1) pause = pauseAfter(pause, fault, pause.until, 0);
  return pause;
}

describe('a pause', () => {
  it('grows with each failed probe up to 15 minutes', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((failures) => {
      const pause = afterFailures(failures);
      return pause.until - (failures === 1 ? start : afterFailures(failures - 1).until);
    });
    expect(waits).toEqual([minute, 2 * minute, 4 * minute, 8 * minute, 15 * minute, 15 * minute, 15 * minute]);
  });

  it('does not grow by what was under way when it began', () => {
    const first = pauseAfter(undefined, fault, start, 0);
    expect(pauseAfter(first, fault, start + 30_000, 0.7)).toBe(first);
  });

  it('lasts as long as the service asked', () => {
    expect(pauseAfter(undefined, { ...fault, retryAfterMs: 7 * minute }, start, 0).until).toBe(start + 7 * minute);
  });

  it('goes on growing when it comes back soon, and begins anew when it does not', () => {
    const ended = { ...afterFailures(3), ended: start + 30 * minute };
    expect(pauseAfter(ended, fault, start + 31 * minute, 0)).toMatchObject({ failures: 4, since: start });
    expect(pauseAfter(ended, fault, start + 50 * minute, 0)).toMatchObject({ failures: 1, since: start + 50 * minute });
  });

  it('lets nothing through, then one probe, then ever more', () => {
    const pause = afterFailures(1);
    expect(allowance(undefined, start)).toBe(Number.POSITIVE_INFINITY);
    expect(allowance(pause, pause.until - 1)).toBe(0);
    expect(allowance(pause, pause.until)).toBe(1);
    const ended = { ...pause, ended: start + minute };
    expect([0, 1, 2, 4].map((minutes) => allowance(ended, ended.ended + minutes * minute))).toEqual([8, 32, 128, 2048]);
    expect(allowance(ended, ended.ended + 10 * minute)).toBe(Number.POSITIVE_INFINITY);
  });

  it('costs little: at most five probes an hour once it has grown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const before = afterFailures(failures);
          const after = pauseAfter(before, fault, before.until, random);
          expect(after.until - before.until).toBeGreaterThanOrEqual(15 * minute);
          expect(probeMs(after)).toBe(15 * minute);
        },
      ),
    );
  });

  it('by hand lets nothing through for ever, not even a probe, and ramps up like any other when it ends', () => {
    const pause = handPause({ code: 'paused_by_hand', message: 'm', remedy: 'r' }, start);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 * 365 * 24 * 60 }), (minutes) => {
        expect(allowance(pause, start + minutes * minute)).toBe(0);
      }),
    );
    expect(allowance({ ...pause, ended: start }, start)).toBe(8);
  });
});
