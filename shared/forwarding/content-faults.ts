import { CollectorError } from '../errors.ts';

/**
 * The body is not an array of records, or is damaged within. Another download may be whole, so it is tried again like any
 * failure of a content's own, and set aside when it stays so.
 *
 * @param what what is wrong, as the end of a sentence that starts with "The content's body"
 * @param offset where, in bytes from the start of the decompressed body, when that says something
 */
export function malformed(what: string, offset?: number): CollectorError {
  const where = offset === undefined ? '' : ` (byte ${offset})`;
  return new CollectorError(`The content's body ${what}${where}. It is tried again, then set aside and reported.`, {
    code: 'content_malformed',
    disposition: 'retry',
  });
}

/**
 * The body does not start as an array does: an error object, a web page, nothing at all.
 *
 * @param byte the first byte that is neither white space nor byte order mark; undefined when there is none
 */
export function notAnArray(byte: number | undefined, offset: number): CollectorError {
  if (byte === undefined) return malformed('is empty: not even an empty JSON array', offset);
  const guess = byte === 0x7b ? ', perhaps an error' : byte === 0x3c ? ', perhaps a web page' : '';
  return malformed(`is no JSON array of records: it starts with ${quoteByte(byte)}${guess}`, offset);
}

/** Record number `record`, from 0, is longer than the product holds in memory. */
export function recordTooLong(record: number, maxBytes: number): CollectorError {
  return malformed(`has a record, number ${record}, of more than ${maxBytes} bytes`);
}

/** The body ends before its closing bracket. Another download may well be whole. */
export function incomplete(records: number, bytes: number): CollectorError {
  return new CollectorError(
    `The content's body ends after ${bytes} bytes and ${records} whole records, before the array's closing bracket. What was whole is sent; it is tried again for the rest.`,
    { code: 'content_incomplete', disposition: 'retry' },
  );
}

/** One byte for a message: itself where it is printable ASCII, its number otherwise. */
export function quoteByte(byte: number): string {
  const printable = byte > 0x20 && byte < 0x7f;
  return printable ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16).padStart(2, '0')}`;
}
