import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdaptiveLimit } from '../../shared/resilience/adaptive-limit.ts';

/** What a service that takes so many at a time makes of rounds of as many requests as the limit allows; the limits of all rounds. */
function rounds(count: number, capacity: (round: number) => number): number[] {
  const limit = createAdaptiveLimit({ first: 8, most: 24 });
  return Array.from({ length: count }, (_, round) => {
    const { now, generation } = limit;
    for (let request = 0; request < now; request += 1) {
      if (now > capacity(round)) limit.overloaded(generation);
      else limit.succeeded(true);
    }
    return now;
  });
}

describe('the adaptive limit', () => {
  it('doubles with each round up to the most there is, and no further', () => {
    expect(rounds(4, () => 100)).toEqual([8, 16, 24, 24]);
  });

  it('is halved once for all that was begun together, and then grows by one a round', () => {
    expect(rounds(6, (round) => (round === 1 ? 4 : 100))).toEqual([8, 16, 8, 9, 10, 11]);
  });

  it('stays within a service’s capacity but for a round in many, whatever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (capacity) => {
        const all = rounds(200, () => capacity).slice(20);
        expect(Math.min(...all)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...all)).toBeLessThanOrEqual(Math.min(24, capacity + 1));
        const over = all.filter((limit) => limit > capacity).length;
        expect(over).toBeLessThanOrEqual(Math.ceil(all.length / Math.max(2, Math.floor(capacity / 2))));
      }),
    );
  });

  it('does not grow while it is not needed', () => {
    const limit = createAdaptiveLimit({ first: 8, most: 24 });
    for (let request = 0; request < 1_000; request += 1) limit.succeeded(false);
    expect(limit.now).toBe(8);
  });
});
