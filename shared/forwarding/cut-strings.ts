import { sizeAt, waterLevel } from './cut-level.ts';
import type { LongString } from './cut-scan.ts';
import { escapeLength } from './cut-tokens.ts';
import { backslash } from './json-bytes.ts';

/** A string of up to so many bytes is left alone: identifiers, names and most addresses are useless in part. */
const shortBytes = 256;
/** No string of up to so many bytes is ever cut, nor one cut to less, not even one that identifies the record. */
export const leastStringBytes = 64;
const quotesBytes = 2;

/** What a cut string ends with; it holds nothing that JSON would escape. `formerBytes` is its length before, as it was escaped. */
export function cutMark(formerBytes: number): Buffer {
  return Buffer.from(`…[cut, ${formerBytes} bytes]`);
}

/**
 * Shortens the longest strings, all to one length, until the record fits into `room` or no string is long any more.
 *
 * @param keepBytes identifying values of up to so many bytes, quotes included, are left alone
 * @returns the record in at most `room` bytes, or in more when its strings are not what makes it large
 */
export function shortenStrings(
  record: Buffer,
  strings: readonly LongString[],
  keepBytes: number,
  room: number,
): Buffer {
  const identifyingFloor = Math.max(keepBytes - quotesBytes, leastStringBytes);
  const long = strings
    .map(({ from, to, identifying }) => ({
      from,
      to,
      size: to - from,
      floor: identifying ? identifyingFloor : shortBytes,
    }))
    .filter(({ size, floor }) => size > floor);
  const others = long.reduce((bytes, { size }) => bytes - size, record.length);
  const level = waterLevel(long, room - others);
  const shortened = Buffer.allocUnsafe(record.length);
  let length = 0;
  let done = 0;
  for (const string of long) {
    const limit = sizeAt(string, level);
    if (limit === string.size) continue;
    const mark = cutMark(string.size);
    length += record.copy(shortened, length, done, lastBorder(record, string.from, string.from + limit - mark.length));
    length += mark.copy(shortened, length);
    done = string.to;
  }
  length += record.copy(shortened, length, done);
  return shortened.subarray(0, length);
}

/**
 * The last place up to `to` at which a string can be cut: not within a UTF-8 sequence, an escape sequence, or the two escape
 * sequences of a surrogate pair.
 *
 * @param from index of the string's first byte; `to` is before its closing quote
 */
export function lastBorder(json: Buffer, from: number, to: number): number {
  let border = from;
  for (;;) {
    const next = border + characterLength(json, border);
    if (next > to) return border;
    border = next;
  }
}

function characterLength(json: Buffer, at: number): number {
  const byte = json[at] as number;
  if (byte === backslash) {
    const pair = isSurrogate(json, at, '89ab') && isSurrogate(json, at + 6, 'cdef');
    return pair ? 12 : Math.max(1, escapeLength(json, at));
  }
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Whether an escaped surrogate stands there whose second hexadecimal digit is one of these. */
function isSurrogate(json: Buffer, at: number, digits: string): boolean {
  if (json[at] !== backslash || escapeLength(json, at) !== 6) return false;
  const code = json.toString('latin1', at + 2, at + 4).toLowerCase();
  return code.startsWith('d') && digits.includes(code.charAt(1));
}
