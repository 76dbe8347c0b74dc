import type { CollectorError } from '../../shared/errors.ts';
import { createRecordSplitter } from '../../shared/forwarding/record-splitter.ts';
import { chunksOf } from './bodies.ts';

/** Everything that came of a body. */
export interface Split {
  /** Whole records, without their line feeds. */
  readonly lines: readonly string[];
  readonly failure: CollectorError | undefined;
}

/** Splits a body that arrives in chunks of these sizes. Records are cut by the `ends` that the splitter reports. */
export function split(body: string | Uint8Array, sizes: readonly number[]): Split {
  const splitter = createRecordSplitter();
  const lines: string[] = [];
  let line: Buffer = Buffer.alloc(0);
  for (const chunk of chunksOf(body, sizes)) {
    const { bytes, ends } = splitter.push(chunk);
    let from = 0;
    for (const end of ends) {
      line = Buffer.concat([line, bytes.subarray(from, end)]);
      if (line.at(-1) !== 0x0a) throw new Error('a record ends without a line feed');
      lines.push(line.toString('utf8', 0, line.length - 1));
      line = Buffer.alloc(0);
      from = end;
    }
    line = Buffer.concat([line, bytes.subarray(from)]);
  }
  const failure = splitter.end();
  if (failure === undefined && line.length > 0) throw new Error('bytes are left behind the last record');
  return { lines, failure };
}
