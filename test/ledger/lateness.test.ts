import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLateness, countLate, noLateness, readLateness } from '../../shared/ledger/lateness.ts';

const minute = 60_000;

describe('how late contents were', () => {
  it('is counted by ranges, and only for those that were', () => {
    const late = [undefined, 3 * minute, 10 * minute, 11 * minute, 90 * minute, 7 * 60 * minute, 3 * 24 * 60 * minute];
    expect(countLate(noLateness, late)).toEqual([2, 1, 1, 1, 1]);
    expect(countLate([5, 0, 0, 0, 0], late)).toEqual([7, 1, 1, 1, 1]);
  });

  it('stands in a column, which an earlier version did not write', () => {
    expect(readLateness(undefined)).toEqual(noLateness);
    expect(readLateness('1,2')).toEqual([1, 2, 0, 0, 0]);
    const counts = fc.array(fc.nat(), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(counts, (late) => {
        expect(readLateness(late.join(','))).toEqual(late);
      }),
    );
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(addLateness(a, b)).toEqual(a.map((count, range) => count + (b[range] ?? 0)));
      }),
    );
  });
});
