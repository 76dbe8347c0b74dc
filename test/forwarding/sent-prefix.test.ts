import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sliceBatch, updateChecksum } from '../../shared/forwarding/record-batches.ts';
import { anyLimits, batchesOf, content, none, prefixOf, roomy, sum } from './batching.ts';
import { anyBody, anyChunking } from './bodies.ts';

describe('a slice of a batch', () => {
  test('is the batch of its records', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBody,
        anyChunking,
        fc.nat(),
        fc.nat(),
        fc.nat(20),
        async ({ text, lines }, sizes, a, b, skipped) => {
          const skip = prefixOf(lines, Math.min(skipped, lines.length));
          const [batch = none] = (await batchesOf(text, sizes, roomy, skip)).batches;
          const [from = 0, to = 0] = [a % (batch.records + 1), b % (batch.records + 1)].sort((x, y) => x - y);
          const slice = sliceBatch(batch, from, to);
          const own = lines.slice(batch.firstRecord + from, batch.firstRecord + to).map((line) => `${line}\n`);
          expect(content(slice)).toBe(own.join(''));
          expect(slice.ends).toEqual(own.map((_, last) => Buffer.byteLength(own.slice(0, last + 1).join(''))));
          expect(slice).toMatchObject({ records: to - from, firstRecord: batch.firstRecord + from });
          expect(
            updateChecksum(updateChecksum(7, sliceBatch(batch, 0, from)), sliceBatch(batch, from, batch.records)),
          ).toBe(updateChecksum(7, batch));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('cannot reach beyond the batch', async () => {
    const [batch = none] = (await batchesOf('[1,2,3]', [10], roomy)).batches;
    for (const [from, to] of [
      [-1, 2],
      [2, 1],
      [0, 4],
      [Number.NaN, 1],
    ] as const)
      expect(() => sliceBatch(batch, from, to)).toThrow(RangeError);
  });
});

describe('the prefix that was sent before', () => {
  test('is left out when it is the same, and the rest comes as ever', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyChunking, anyLimits, fc.nat(), async ({ text, lines }, sizes, limits, at) => {
        const sent = at % (lines.length + 1);
        const { batches, described, failure } = await batchesOf(text, sizes, limits, prefixOf(lines, sent));
        expect(failure).toBeUndefined();
        expect(batches.map(content).join('')).toBe(
          lines
            .slice(sent)
            .map((line) => `${line}\n`)
            .join(''),
        );
        expect(batches[0]?.firstRecord ?? sent).toBe(sent);
        expect((await batchesOf(text, [1], limits, prefixOf(lines, sent))).described).toEqual(described);
      }),
      { numRuns: 500 },
    );
  });

  test('as noted after each batch, lets another attempt go on where the last one stopped', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyChunking, anyLimits, fc.nat(), async ({ text, lines }, sizes, limits, at) => {
        const { batches } = await batchesOf(text, sizes, limits);
        const sent = batches.slice(0, at % (batches.length + 1));
        const skip = { records: sum(sent.map(({ records }) => records)), crc32: sent.reduce(updateChecksum, 0) };
        const again = await batchesOf(text, [5], limits, skip);
        expect(again.failure).toBeUndefined();
        expect([...sent, ...again.batches].map(content).join('')).toBe(lines.map((line) => `${line}\n`).join(''));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['other bytes', '["a","x","c"]', 'content_changed'],
    ['another order', '["b","a","c"]', 'content_changed'],
    ['other records', '["a","bb","c"]', 'content_changed'],
    ['fewer records', '["a"]', 'content_changed'],
    ['no records', '[]', 'content_changed'],
    ['other bytes, then a fault', '["a","x",}', 'content_changed'],
    ['an end within it', '["a"', 'content_incomplete'],
    ['a fault within it', '["a"}', 'content_malformed'],
  ])('with %s in its place: nothing is sent', async (_, text, code) => {
    for (const sizes of [[1], [100]]) {
      const { batches, failure } = await batchesOf(text, sizes, roomy, prefixOf(['"a"', '"b"'], 2));
      expect(batches).toEqual([]);
      expect(failure).toMatchObject({ code, disposition: code === 'content_changed' ? 'quarantine' : 'retry' });
    }
  });
});
