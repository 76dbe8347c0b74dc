import { cutDown } from './cut-down.ts';
import type { RecordBatch } from './record-batches.ts';

/** What is left of a record is cut down no further than this. */
const smallestRecordBytes = 2_048;

/** A batch of one record, cut down where it is longer than the limit; its line's LF comes on top. */
export function fitRecord(batch: RecordBatch, recordBytes: number): Pick<RecordBatch, 'lines' | 'records'> {
  const record = batch.lines.subarray(0, -1);
  if (record.length <= recordBytes) return batch;
  return { lines: Buffer.concat([cutDown(record, recordBytes), Buffer.from('\n')]), records: 1 };
}

/** The next limit to try for a record that the destination still finds too large; the same again at the smallest. */
export function narrowLimit(recordBytes: number): number {
  return Math.max(Math.floor(recordBytes / 2), smallestRecordBytes);
}
