import { crc32 } from 'node:zlib';
import type { CollectorError } from '../errors.ts';
import { createRecordSplitter } from './record-splitter.ts';

export interface RecordBatch {
  readonly lines: readonly Buffer[];
  readonly bytes: number;
  readonly records: number;
  readonly firstRecord: number;
  readonly oversized: boolean;
}
export function updateChecksum(crc: number, batch: { readonly lines: readonly Buffer[] }): number {
  let value = crc;
  for (const line of batch.lines) value = crc32(line, value);
  return value;
}
export async function* recordBatches(
  body: AsyncIterable<Uint8Array>,
  limits: { targetBytes: number; recordBytes: number },
  options: { skip?: { records: number; crc32: number } } = {},
): AsyncGenerator<RecordBatch> {
  const splitter = createRecordSplitter();
  let lines: Buffer[] = [];
  let bytes = 0;
  let first = 0;
  let pending: Buffer[] = [];
  let failure: CollectorError | undefined;
  const skip = options.skip?.records ?? 0;
  let index = 0;
  for await (const chunk of body) {
    const span = splitter.push(Buffer.from(chunk));
    let from = 0;
    for (const end of span.ends) {
      const line = Buffer.concat([...pending, span.bytes.subarray(from, end)]);
      pending = [];
      from = end;
      index += 1;
      if (index <= skip) {
        first = index;
        continue;
      }
      if (bytes > 0 && bytes + line.length > limits.targetBytes) {
        yield { lines, bytes, records: lines.length, firstRecord: first, oversized: false };
        first += lines.length;
        lines = [];
        bytes = 0;
      }
      lines.push(line);
      bytes += line.length;
    }
    if (from < span.bytes.length) pending.push(Buffer.from(span.bytes.subarray(from)));
    failure = span.failure;
    if (failure) break;
  }
  if (bytes > 0) yield { lines, bytes, records: lines.length, firstRecord: first, oversized: false };
  failure ??= splitter.end();
  if (failure) throw failure;
}
