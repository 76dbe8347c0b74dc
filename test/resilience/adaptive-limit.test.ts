import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdaptiveLimit } from '../../shared/resilience/adaptive-limit.ts';

const minuteMs = 60_000;

/** Rounds, a minute each, of as many at a time as the limit allows, at a service that takes so many; the limits of all rounds. */
function rounds(count: number, capacity: (round: number) => number): number[] {
  let now = 0;
  const limit = createAdaptiveLimit({ first: 8, most: 24 }, () => now);
  return Array.from({ length: count }, (_, round) => {
    now += minuteMs;
    const { now: inside, generation } = limit;
    for (let request = 0; request < inside; request += 1) {
      if (inside > capacity(round)) limit.overloaded(inside, generation);
      else limit.succeeded(inside);
    }
    return inside;
  });
}

describe('the adaptive limit', () => {
  it('doubles with each round up to the most there is, and no further', () => {
    // Within a round the limit passes what is inside: that round tells no more.
    expect(rounds(40, () => 100).at(-1)).toBe(24);
    expect(Math.max(...rounds(40, () => 100))).toBe(24);
  });

  it('is halved for all that was begun together, once one got through alone, and grows by one a round up to what was too much', () => {
    expect(rounds(9, () => 7).slice(0, 9)).toEqual([8, 1, 4, 5, 6, 7, 7, 7, 7]);
  });

  it('stays within a service’s capacity but for one round in ten minutes, whatever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (capacity) => {
        const all = rounds(200, () => capacity).slice(40);
        expect(Math.min(...all)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...all)).toBeLessThanOrEqual(Math.min(24, capacity + 1));
        expect(all.filter((limit) => limit > capacity).length).toBeLessThanOrEqual(all.length / 10);
        const mean = all.reduce((sum, limit) => sum + limit, 0) / all.length;
        expect(mean).toBeGreaterThan(Math.min(24, capacity) * 0.6);
      }),
    );
  });

  it('does not grow while it is not needed, and learns nothing from one alone', () => {
    const limit = createAdaptiveLimit({ first: 8, most: 24 }, () => 0);
    for (let request = 0; request < 1_000; request += 1) limit.succeeded(3);
    for (let request = 0; request < 1_000; request += 1) limit.overloaded(1, limit.generation);
    expect(limit.now).toBe(8);
  });
});
