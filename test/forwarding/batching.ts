import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { type Blocks, createBlockPool, takeBlocks } from '../../shared/forwarding/blocks.ts';
import {
  type BatchLimits,
  type RecordBatch,
  recordBatches,
  type SkippedPrefix,
} from '../../shared/forwarding/record-batches.ts';
import { chunksOf } from './bodies.ts';

/** Limits that no body of these tests reaches. */
export const roomy: BatchLimits = { targetBytes: 1_000_000, recordBytes: 1_000_000 };
/** Limits so tight that most bodies reach them. */
export const anyLimits: fc.Arbitrary<BatchLimits> = fc.record(
  {
    targetBytes: fc.integer({ min: 1, max: 120 }),
    recordBytes: fc.integer({ min: 1, max: 60 }),
    maxRecords: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: ['targetBytes', 'recordBytes'] },
);

/** The lines of a batch. */
export function content(batch: RecordBatch): string {
  return batch.lines.toString();
}

async function* arriving(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

/** Room for a batch, and for a record of `tailBytes` behind it; by default for any that a batch can hold. */
export function blocksFor({ targetBytes }: BatchLimits, tailBytes = targetBytes): Promise<Blocks> {
  return takeBlocks(createBlockPool({ blockBytes: targetBytes + tailBytes, count: 1 }), new AbortController().signal);
}

/** All batches, described so that their parts do not matter, and the error they ended with. */
export async function batchesOf(
  body: string,
  sizes: readonly number[],
  limits: BatchLimits & { readonly tailBytes?: number },
  skip?: SkippedPrefix,
) {
  const batches: RecordBatch[] = [];
  const blocks = await blocksFor(limits, limits.tailBytes);
  let failure: unknown;
  try {
    const chunks = arriving(chunksOf(body, sizes));
    for await (const batch of recordBatches(chunks, limits, blocks, skip === undefined ? {} : { skip })) {
      const { block, ...kept } = batch;
      batches.push({ ...kept, lines: Buffer.from(batch.lines) });
      // Whoever fills it anew leaves nothing of the old.
      block?.fill(0xff);
      if (block) blocks.release(block);
    }
  } catch (error) {
    failure = error;
  }
  const described = batches.map(({ lines: _, ...rest }, index) => ({ ...rest, text: content(batches[index] ?? none) }));
  return { batches, described, failure };
}
/** A batch of nothing. */
export const none: RecordBatch = { lines: Buffer.alloc(0), ends: [], records: 0, firstRecord: 0, oversized: false };

/** The first lines, as they are noted once they are sent. */
export function prefixOf(lines: readonly string[], records: number): SkippedPrefix {
  return {
    records,
    crc32: crc32(
      lines
        .slice(0, records)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  };
}

/** Sum of the values. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
