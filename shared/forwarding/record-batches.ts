import { crc32 } from 'node:zlib';
import { CollectorError } from '../errors.ts';
import type { Blocks } from './blocks.ts';
import { recordTooLong } from './content-faults.ts';
import { createRecordSplitter } from './record-splitter.ts';

/** Whole records on their way to a destination. */
export interface RecordBatch {
  /** The records' lines, each with its LF. */
  readonly lines: Buffer;
  /** Behind each record's LF, counted from the start of the lines. */
  readonly ends: readonly number[];
  readonly records: number;
  /** Place of the first record within the content. */
  readonly firstRecord: number;
  /** It is one record that is too long for the destination. */
  readonly oversized: boolean;
  /** What the lines stand in, to be released when they are needed no longer; a long record has memory of its own. */
  readonly block?: Buffer;
}

export interface BatchLimits {
  /** A batch ends with the last record that keeps it within this, or is one record. */
  readonly targetBytes: number;
  /** A longer record comes alone, as oversized. Its LF does not count. */
  readonly recordBytes: number;
  /** Records of a batch; no limit by default. */
  readonly maxRecords?: number;
  /** Longest record that is held in memory, its LF not counted; 64 MiB by default. A longer one is a fault of the content. */
  readonly maxRecordBytes?: number;
}

/** Records of the content that have been sent before. */
export interface SkippedPrefix {
  readonly records: number;
  /** CRC-32 of their lines. */
  readonly crc32: number;
}

/** Far more than any record: 20 KB are observed, and destinations take less than 1 MB. */
const defaultMaxRecordBytes = 64 * 1024 * 1024;

/** CRC-32 of lines that follow those of which `checksum` is. */
export function updateChecksum(checksum: number, { lines }: Pick<RecordBatch, 'lines'>): number {
  return crc32(lines, checksum);
}

/**
 * The batch's records from `from` up to, not including, `to`, counted within the batch.
 *
 * @throws RangeError when the batch has no such records
 */
export function sliceBatch(batch: RecordBatch, from: number, to: number): RecordBatch {
  if (!(from >= 0 && from <= to && to <= batch.records))
    throw new RangeError(`A batch of ${batch.records} records has none from ${from} up to ${to}`);
  const start = from === 0 ? 0 : (batch.ends[from - 1] ?? 0);
  const end = batch.ends[to - 1] ?? start;
  const ends = batch.ends.slice(from, to).map((each) => each - start);
  const lines = batch.lines.subarray(start, end);
  return { ...batch, lines, ends, records: to - from, firstRecord: batch.firstRecord + from };
}

/**
 * Splits a content's body into batches behind the prefix that was sent before. Where batches end depends on the records
 * alone, not on how the body arrives. Two blocks, one chunk and one long record are held at most.
 *
 * @param body its chunks are overwritten.
 * @param blocks as large as a batch and a record together; a record that does not fit behind a batch comes alone.
 * @throws CollectorError `content_malformed` and `content_incomplete` as the splitter finds them, once the whole records before
 * the fault are out, `content_malformed` for a record beyond `maxRecordBytes` too; `content_changed` when the content does not
 * begin with the prefix. What `body` throws is handed on.
 */
export async function* recordBatches(
  body: AsyncIterable<Uint8Array>,
  limits: BatchLimits,
  blocks: Blocks,
  { skip = { records: 0, crc32: 0 } }: { skip?: SkippedPrefix } = {},
): AsyncGenerator<RecordBatch> {
  let checksum = 0;
  let skipped = 0;
  for await (const batch of gather(body, limits, blocks, skip.records)) {
    if (skipped === skip.records) {
      yield batch;
      continue;
    }
    checksum = updateChecksum(checksum, batch);
    skipped += batch.records;
    if (batch.block) blocks.release(batch.block);
    if (skipped === skip.records && checksum !== skip.crc32) throw changed();
  }
  if (skipped < skip.records) throw changed();
}

/** All batches from the first record on; one ends at `border`. */
async function* gather(
  body: AsyncIterable<Uint8Array>,
  { targetBytes, recordBytes, maxRecords = Infinity, maxRecordBytes = defaultMaxRecordBytes }: BatchLimits,
  blocks: Blocks,
  border: number,
): AsyncGenerator<RecordBatch> {
  const splitter = createRecordSplitter();
  /** A record that is longer has memory of its own, so that a batch and the beginning of the next record fit into a block. */
  const sharedBytes = Math.min(recordBytes + 1, targetBytes, blocks.blockBytes - targetBytes);
  let block: Buffer | undefined;
  /** Bytes in the block; those of the batch's whole records; and those of a record that goes on in the next chunk. */
  let used = 0;
  let bytes = 0;
  let tail = 0;
  let ends: number[] = [];
  let firstRecord = 0;
  /** The pieces of a long record that goes on. */
  let long: Buffer[] = [];

  async function copy(piece: Buffer): Promise<void> {
    if (piece.length === 0) return;
    block ??= await blocks.next();
    used += piece.copy(block, used);
  }

  /** The batch of the whole records; a block that holds the beginning of the next one goes with it. */
  function close(): RecordBatch {
    const lines = (block ?? Buffer.alloc(0)).subarray(0, bytes);
    const batch = { lines, ends, records: ends.length, firstRecord, oversized: false, ...(block ? { block } : {}) };
    firstRecord += ends.length;
    block = undefined;
    ends = [];
    used = 0;
    bytes = 0;
    return batch;
  }

  function takeTail(): Buffer {
    const taken = long.length > 0 ? Buffer.concat(long) : Buffer.from(block?.subarray(bytes, used) ?? []);
    long = [];
    used = Math.min(used, bytes);
    return taken;
  }

  for await (const chunk of body) {
    const span = splitter.push(chunk);
    /** Up to where the span is in the block, and up to where it is whole records. */
    let from = 0;
    let until = 0;
    for (const end of span.ends) {
      const length = tail + end - until;
      if (length - 1 > maxRecordBytes) break;
      const alone = length > sharedBytes;
      const full = bytes + length > targetBytes || ends.length >= maxRecords || firstRecord + ends.length === border;
      if (ends.length > 0 && (alone || full)) {
        await copy(span.bytes.subarray(from, until));
        from = until;
        const beginning = takeTail();
        yield close();
        if (alone) long = [beginning];
        else await copy(beginning);
      }
      if (alone) {
        const lines = Buffer.concat([takeTail(), span.bytes.subarray(until, end)]);
        yield { lines, ends: [length], records: 1, firstRecord, oversized: length - 1 > recordBytes };
        firstRecord += 1;
        from = end;
      } else {
        bytes += length;
        ends.push(bytes);
      }
      until = end;
      tail = 0;
    }
    tail += span.bytes.length - until;
    const failure = tail > maxRecordBytes ? recordTooLong(firstRecord + ends.length, maxRecordBytes) : span.failure;
    if (tail <= sharedBytes && !failure) {
      await copy(span.bytes.subarray(from));
      continue;
    }
    await copy(span.bytes.subarray(from, until));
    if (long.length === 0) long = [takeTail()];
    if (ends.length > 0) yield close();
    if (failure) throw failure;
    long.push(Buffer.from(span.bytes.subarray(until)));
  }
  if (ends.length > 0) yield close();
  const failure = splitter.end();
  if (failure) throw failure;
}

function changed(): CollectorError {
  return new CollectorError(
    'The content no longer begins with the records that were sent of it before. It is set aside, so that nothing is sent ' +
      'twice or left out unnoticed.',
    { code: 'content_changed', disposition: 'quarantine' },
  );
}
