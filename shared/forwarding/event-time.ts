import { backslash, closesNesting, isWhiteSpace, opensNesting, quote, structure } from './json-bytes.ts';

/** Nearly every record has its time within the first hundred bytes, or at its end; a long one is not searched further than this. */
const searchedBytes = 32 * 1024;
const name = Buffer.from('"CreationTime"');
const colon = 0x3a;

/**
 * When the event of a record happened, by its own `CreationTime` (UTC), milliseconds since 1970; undefined when that is not found.
 * Finds the name among the record's own members without parsing it; what is nested in it has times of its own.
 */
export function eventTimeOf(record: Buffer): number | undefined {
  const end = Math.min(record.length, searchedBytes);
  let depth = 0;
  for (let at = 0; at < end; at += 1) {
    const byte = record[at] as number;
    if (byte === quote) {
      const close = endOfString(record, at);
      if (close < 0) return undefined;
      const value = depth === 1 && close - at === name.length - 1 ? valueAfter(record, at, close) : -1;
      if (value >= 0) return readTime(record.toString('latin1', value, value + 40));
      at = close;
    } else if (structure[byte] === opensNesting) depth += 1;
    else if (structure[byte] === closesNesting) depth -= 1;
  }
  return undefined;
}

/** Index of the quote that ends the string which begins at `start`; -1 when there is none. */
function endOfString(record: Buffer, start: number): number {
  for (let at = record.indexOf(quote, start + 1); at >= 0; at = record.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (record[at - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}

/** Where the value of the member begins whose name, if it is the wanted one, stands there; -1 when it is another, or no name. */
function valueAfter(record: Buffer, start: number, close: number): number {
  if (name.compare(record, start, close + 1) !== 0) return -1;
  let at = close + 1;
  while (isWhiteSpace(record[at] ?? 0)) at += 1;
  if (record[at] !== colon) return -1;
  at += 1;
  while (isWhiteSpace(record[at] ?? 0)) at += 1;
  return at;
}

function readTime(text: string): number | undefined {
  const [, time] = /^"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?)Z?"/.exec(text) ?? [];
  const ms = time === undefined ? Number.NaN : Date.parse(`${time}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
