import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPieceKeeper } from '../../shared/forwarding/batch-parts.ts';

const anyPiece = fc.record({
  list: fc.nat(1),
  bytes: fc.constantFrom(0, 1, 2_048, 4_095, 4_096, 8_192, 30_000, 70_000),
  /** What its chunk holds besides. */
  other: fc.constantFrom(0, 1, 4_096, 100_000),
});

test('pieces stay as they are and in order, in each of several lists', () => {
  fc.assert(
    fc.property(fc.array(anyPiece, { maxLength: 40 }), (pieces) => {
      const keep = createPieceKeeper();
      const lists: Buffer[][] = [[], []];
      const expected: Buffer[][] = [[], []];
      for (const [index, { list, bytes, other }] of pieces.entries()) {
        const chunk = Buffer.alloc(bytes + other, index + 1);
        keep(lists[list] ?? [], chunk.subarray(0, bytes), chunk.length);
        expected[list]?.push(Buffer.alloc(bytes, index + 1));
      }
      for (const [index, parts] of lists.entries())
        expect(Buffer.concat(parts).equals(Buffer.concat(expected[index] ?? []))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('a piece that fills its chunk is not copied; small ones share parts', () => {
  const keep = createPieceKeeper();
  const parts: Buffer[] = [];
  const chunk = Buffer.alloc(16_384);
  keep(parts, chunk.subarray(1), chunk.length);
  expect(parts[0]?.buffer).toBe(chunk.buffer);
  for (let count = 0; count < 1_000; count++) keep(parts, Buffer.from('x'), 1);
  expect(parts).toHaveLength(2);
});
