import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecordMultiset, type RecordMultiset } from './record-multiset.ts';

const someLines = fc.array(fc.string({ maxLength: 3 }), { maxLength: 40 });

function multisetOf(lines: readonly string[]): RecordMultiset {
  const multiset = createRecordMultiset();
  for (const line of lines) multiset.add(Buffer.from(line));
  return multiset;
}

function tally(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

describe('a multiset of records', () => {
  test('counts as a map of strings does', () => {
    fc.assert(
      fc.property(someLines, someLines, (one, other) => {
        const [ours, theirs] = [tally(one), tally(other)];
        let surplus = 0;
        let foreign = 0;
        for (const [line, count] of ours) {
          const known = theirs.get(line);
          if (known === undefined) foreign += count;
          else surplus += Math.max(0, count - known);
        }
        const multiset = multisetOf(one);
        expect(multiset.beyond(multisetOf(other))).toEqual({ surplus, foreign });
        expect([multiset.total, multiset.distinct]).toEqual([one.length, ours.size]);
        for (const line of other) expect(multiset.count(Buffer.from(line))).toBe(ours.get(line) ?? 0);
      }),
    );
  });

  test('has the same digest for the same records in any order, and another for others', () => {
    fc.assert(
      fc.property(someLines, fc.string({ maxLength: 3 }), (lines, extra) => {
        const digest = multisetOf(lines).sha256();
        expect(multisetOf([...lines].sort()).sha256()).toBe(digest);
        expect(multisetOf([...lines, extra]).sha256()).not.toBe(digest);
      }),
    );
  });

  test('grows', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    const multiset = multisetOf(lines);
    expect([multiset.total, multiset.distinct]).toEqual([20_000, 20_000]);
    expect(lines.every((line) => multiset.count(Buffer.from(line)) === 1)).toBe(true);
    expect(multisetOf(lines.reverse()).sha256()).toBe(multiset.sha256());
  });
});
