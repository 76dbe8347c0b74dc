import { crc32 } from 'node:zlib';
import { CollectorError } from '../errors.ts';
import { createPieceKeeper } from './batch-parts.ts';
import { recordTooLong } from './content-faults.ts';
import { createRecordSplitter } from './record-splitter.ts';

/** Whole records on their way to a destination. */
export interface RecordBatch {
  /** Parts that, joined, are the records' lines, each with its LF. */
  readonly lines: readonly Buffer[];
  /** Behind each record's LF, counted from the start of the joined parts. */
  readonly ends: readonly number[];
  readonly bytes: number;
  readonly records: number;
  /** Place of the first record within the content. */
  readonly firstRecord: number;
  /** It is one record that is too long for the destination. */
  readonly oversized: boolean;
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
  return lines.reduce((sum, line) => crc32(line, sum), checksum);
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
  const lines: Buffer[] = [];
  let offset = 0;
  for (const part of batch.lines) {
    const piece = part.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
    if (piece.length > 0) lines.push(piece);
    offset += part.length;
  }
  const ends = batch.ends.slice(from, to).map((each) => each - start);
  return { ...batch, lines, ends, bytes: end - start, records: to - from, firstRecord: batch.firstRecord + from };
}

/**
 * Splits a content's body into batches behind the prefix that was sent before. Where batches end depends on the records
 * alone, not on how the body arrives; about one batch, one record and one chunk are held at a time. The body's chunks are
 * overwritten, and parts of batches are views into them.
 *
 * @throws CollectorError `content_malformed` and `content_incomplete` as the splitter finds them, once the whole records before
 * the fault are out, `content_malformed` for a record beyond `maxRecordBytes` too; `content_changed` when the content does not
 * begin with the prefix. What `body` throws is handed on.
 */
export async function* recordBatches(
  body: AsyncIterable<Uint8Array>,
  limits: BatchLimits,
  { skip = { records: 0, crc32: 0 } }: { skip?: SkippedPrefix } = {},
): AsyncGenerator<RecordBatch> {
  let checksum = 0;
  let skipped = 0;
  for await (const batch of gather(body, limits, skip.records)) {
    if (skipped === skip.records) {
      yield batch;
      continue;
    }
    checksum = updateChecksum(checksum, batch);
    skipped += batch.records;
    if (skipped === skip.records && checksum !== skip.crc32) throw changed();
  }
  if (skipped < skip.records) throw changed();
}

/** All batches from the first record on; one ends at `border`. */
async function* gather(
  body: AsyncIterable<Uint8Array>,
  limits: BatchLimits,
  border: number,
): AsyncGenerator<RecordBatch> {
  const { targetBytes, recordBytes, maxRecords = Infinity, maxRecordBytes = defaultMaxRecordBytes } = limits;
  const splitter = createRecordSplitter();
  const keep = createPieceKeeper();
  let lines: Buffer[] = [];
  let ends: number[] = [];
  let bytes = 0;
  let firstRecord = 0;
  /** The beginning of a record that goes on in the next chunk. */
  let tail: Buffer[] = [];
  let tailBytes = 0;

  function close(oversized = false): RecordBatch {
    const batch = { lines, ends, bytes, records: ends.length, firstRecord, oversized };
    firstRecord += ends.length;
    lines = [];
    ends = [];
    bytes = 0;
    return batch;
  }

  for await (const chunk of body) {
    const span = splitter.push(chunk);
    /** Up to where the span is among the lines, and up to where it is whole records. */
    let from = 0;
    let until = 0;
    for (const end of span.ends) {
      const length = tailBytes + end - until;
      if (length - 1 > maxRecordBytes) break;
      const oversized = length - 1 > recordBytes;
      const full = bytes + length > targetBytes || ends.length >= maxRecords;
      if (ends.length > 0 && (oversized || full || firstRecord + ends.length === border)) {
        keep(lines, span.bytes.subarray(from, until), chunk.length);
        from = until;
        yield close();
      }
      for (const part of tail) lines.push(part);
      tail = [];
      tailBytes = 0;
      bytes += length;
      ends.push(bytes);
      until = end;
      if (oversized) {
        keep(lines, span.bytes.subarray(from, until), chunk.length);
        from = until;
        yield close(true);
      }
    }
    keep(lines, span.bytes.subarray(from, until), chunk.length);
    tailBytes += span.bytes.length - until;
    const failure =
      tailBytes > maxRecordBytes ? recordTooLong(firstRecord + ends.length, maxRecordBytes) : span.failure;
    if (failure) {
      if (ends.length > 0) yield close();
      throw failure;
    }
    keep(tail, span.bytes.subarray(until), chunk.length);
  }
  if (ends.length > 0) yield close();
  const failure = splitter.end();
  if (failure) throw failure;
}

function changed(): CollectorError {
  return new CollectorError(
    'The content no longer begins with the records that were sent of it before. It is set aside, so that nothing is sent ' +
      'twice or left out unnoticed; compare it with the destination.',
    { code: 'content_changed', disposition: 'quarantine' },
  );
}
