import { CollectorError } from '../errors.ts';

/**
 * The body is not an array of records, or is damaged in a way that another download will not mend.
 *
 * @param what what is wrong, as the end of a sentence that starts with "The content's body"
 * @param offset where, in bytes from the start of the decompressed body
 */
export function malformed(what: string, offset: number): CollectorError {
  return new CollectorError(`The content's body ${what} (byte ${offset})`, {
    code: 'content_malformed',
    disposition: 'quarantine',
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

/** The body ends before its closing bracket. Another download may well be whole. */
export function incomplete(records: number, bytes: number): CollectorError {
  return new CollectorError(
    `The content's body ends after ${bytes} bytes and ${records} whole records, before the array's closing bracket`,
    { code: 'content_incomplete', disposition: 'retry' },
  );
}

/** One byte for a message: itself where it is printable ASCII, its number otherwise. */
export function quoteByte(byte: number): string {
  const printable = byte > 0x20 && byte < 0x7f;
  return printable ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16).padStart(2, '0')}`;
}
