import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOut } from '../../shared/dispatching/share-out.ts';

const lists = fc.array(fc.array(fc.integer(), { maxLength: 30 }), { maxLength: 10 });

describe('shareOut', () => {
  it('spends the budget as long as there is something, and takes the head of each list', () => {
    fc.assert(
      fc.property(lists, fc.nat(100), (all, budget) => {
        const shares = shareOut(all, budget);
        const total = all.reduce((sum, list) => sum + list.length, 0);
        expect(shares.reduce((sum, share) => sum + share.length, 0)).toBe(Math.min(total, budget));
        for (const [index, share] of shares.entries()) expect(share).toEqual(all[index]?.slice(0, share.length));
      }),
    );
  });

  it('gives no list more than one item above a list that could have had it', () => {
    fc.assert(
      fc.property(lists, fc.nat(100), (all, budget) => {
        const shares = shareOut(all, budget);
        const short = shares
          .filter((share, index) => share.length < (all[index]?.length ?? 0))
          .map(({ length }) => length);
        for (const share of shares)
          expect(share.length).toBeLessThanOrEqual(Math.min(...short, Number.POSITIVE_INFINITY) + 1);
      }),
    );
  });
});
