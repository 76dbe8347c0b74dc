import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordBatches } from '../../shared/forwarding/record-batches.ts';
import { anyLimits, batchesOf, blocksFor, content, roomy, sum } from './batching.ts';
import { anyBody, anyChunking } from './bodies.ts';

describe('batches of a content', () => {
  test('hold every record once and in order, each as long as the limits allow, wherever chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyChunking, anyLimits, async ({ text, lines }, sizes, limits) => {
        const { batches, described, failure } = await batchesOf(text, sizes, limits);
        expect(failure).toBeUndefined();
        expect(batches.map(content).join('')).toBe(lines.map((line) => `${line}\n`).join(''));
        let first = 0;
        for (const [index, batch] of batches.entries()) {
          const own = lines.slice(first, first + batch.records).map((line) => Buffer.byteLength(line) + 1);
          expect(batch.firstRecord).toBe(first);
          expect(batch.ends).toEqual(own.map((_, last) => sum(own.slice(0, last + 1))));
          expect(batch.lines.length).toBe(sum(own));
          expect(batch.records === 1 || batch.lines.length <= limits.targetBytes).toBe(true);
          expect(batch.records).toBeLessThanOrEqual(limits.maxRecords ?? Infinity);
          expect(batch.oversized).toBe(own.some((bytes) => bytes - 1 > limits.recordBytes));
          expect(batch.oversized && batch.records > 1).toBe(false);
          const next = batches[index + 1];
          const full =
            next === undefined ||
            batch.oversized ||
            next.oversized ||
            batch.records === limits.maxRecords ||
            batch.lines.length + (next.ends[0] ?? 0) > limits.targetBytes;
          expect(full).toBe(true);
          first += batch.records;
        }
        expect((await batchesOf(text, [1], limits)).described).toEqual(described);
      }),
      { numRuns: 1_000 },
    );
  });

  test('come out before the body is read on', async () => {
    let chunks = 0;
    async function* endless() {
      yield Buffer.from('[');
      for (; ; chunks++) yield Buffer.from(`{"a":"${'x'.repeat(1_000)}"},`);
    }
    let batches = 0;
    const limits = { targetBytes: 10_000, recordBytes: 5_000 };
    const blocks = await blocksFor(limits);
    for await (const batch of recordBatches(endless(), limits, blocks)) {
      batches++;
      expect(chunks).toBeLessThanOrEqual(batch.firstRecord + batch.records + 1);
      if (batch.block) blocks.release(batch.block);
      if (batches === 20) break;
    }
  });

  test('let go of the body when nobody wants more of them', async () => {
    let released = false;
    async function* body() {
      try {
        for (const text of ['[1', ',2', ',3]']) yield Buffer.from(text.padEnd(600_000));
      } finally {
        released = true;
      }
    }
    for await (const _ of recordBatches(body(), roomy, await blocksFor(roomy))) break;
    expect(released).toBe(true);
  });

  test('hand the failure of the body itself on', async () => {
    async function* body() {
      yield Buffer.from('[1,2');
      throw new Error('cut off');
    }
    await expect(recordBatches(body(), roomy, await blocksFor(roomy)).next()).rejects.toThrow('cut off');
  });
});

describe('memory stays flat', () => {
  test('with a record that never ends: it is given up at the bound, and what came before it is sent', async () => {
    const limits = { ...roomy, recordBytes: 10, maxRecordBytes: 50 };
    for (const sizes of [[1], [7], [1_000]]) {
      const atBound = await batchesOf(`[1,"${'x'.repeat(48)}",3]`, sizes, limits);
      expect(atBound.failure).toBeUndefined();
      expect(atBound.described.map(({ records, oversized }) => [records, oversized])).toEqual([
        [1, false],
        [1, true],
        [1, false],
      ]);
      for (const end of ['"]', '",3]', '"'.padEnd(500, 'x'), '']) {
        const { described, failure } = await batchesOf(`[1,2,"${'x'.repeat(50)}${end}`, sizes, limits);
        expect(described.map(({ text }) => text)).toEqual(['1\n2\n']);
        expect(failure).toMatchObject({ code: 'content_malformed', message: expect.stringContaining('number 2') });
      }
    }
  });

  test('with the bound that holds when none is given', async () => {
    let read = 0;
    async function* endless() {
      yield Buffer.from('["');
      for (;;) {
        read += 1_048_576;
        yield Buffer.alloc(1_048_576, 'x');
      }
    }
    await expect(recordBatches(endless(), roomy, await blocksFor(roomy)).next()).rejects.toMatchObject({
      code: 'content_malformed',
    });
    expect(read).toBe(64 * 1_048_576);
  });
});

describe('what is whole comes out before the fault behind it', () => {
  test.each([
    ['[1,2,{"a":', 'content_incomplete'],
    ['[1,2,,3]', 'content_malformed'],
    ['[1,2,"\n"]', 'content_malformed'],
  ])('in %j', async (text, code) => {
    for (const sizes of [[1], [4], [100]]) {
      const { described, failure } = await batchesOf(text, sizes, roomy);
      expect(described.map((batch) => batch.text)).toEqual(['1\n2\n']);
      expect(failure).toMatchObject({ code });
    }
  });

  test('of any damaged content, and never depends on where chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBody,
        fc.nat(),
        anyChunking,
        anyLimits,
        fc.nat(60),
        async ({ text }, at, sizes, some, tailBytes) => {
          const limits = { ...some, tailBytes: Math.min(tailBytes, some.targetBytes) };
          const index = at % (text.length + 1);
          const damaged = `${text.slice(0, index)}]${text.slice(index)}`;
          const [one, other] = [await batchesOf(damaged, sizes, limits), await batchesOf(damaged, [1], limits)];
          expect(one.described).toEqual(other.described);
          expect(String(one.failure)).toBe(String(other.failure));
        },
      ),
      { numRuns: 300 },
    );
  });
});
