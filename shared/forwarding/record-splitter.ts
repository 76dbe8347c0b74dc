import type { CollectorError } from '../errors.ts';
import { incomplete, malformed, notAnArray, quoteByte } from './content-faults.ts';
import { createElementScanner } from './element-scanner.ts';
import { closeGaps, type Gaps } from './gaps.ts';
import { closingBracket, comma, isWhiteSpace, lineFeed, openingBracket } from './json-bytes.ts';

/** What one chunk of a body adds to the record lines. */
export interface RecordSpan {
  /**
   * The next bytes of the lines: each record's own bytes, then LF. May start and end within a line.
   * A view into the chunk that was pushed.
   */
  readonly bytes: Buffer;
  /** Where in `bytes` a record ends: the offset behind its LF. Ascending, one for each record that is whole now. */
  readonly ends: readonly number[];
  /** What is wrong with the body, found behind these bytes. Nothing comes out after it. */
  readonly failure: CollectorError | undefined;
}

/** Splits one body, pushed chunk by chunk, into record lines. */
export interface RecordSplitter {
  /** Takes the next chunk, of any length, and owns it from now on: its bytes are overwritten. */
  push(chunk: Uint8Array): RecordSpan;
  /** To be called when the body has ended; undefined when it was a whole array. */
  end(): CollectorError | undefined;
}

type Place =
  | 'before-array'
  | 'before-first'
  | 'before-record'
  | 'in-record'
  | 'behind-record'
  | 'behind-line'
  | 'behind-array';

const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * A state machine over the bytes of one content: a JSON array whose elements, of any kind, come out as one line each.
 *
 * A line is the element's own bytes. Only line breaks between its tokens are left out, and what stands between elements. A byte
 * order mark in front, white space, nesting and chunk borders anywhere are fine. An element's inner grammar is not
 * checked, but nothing invalid is made valid. What comes out does not depend on where the chunks' borders are.
 *
 * On a compact array nothing is copied or allocated for a record: commas become line feeds in place, and a chunk goes out in
 * one piece. Where bytes are left out, the others move up within their chunk.
 *
 * Failures: `content_malformed` when the body is no array, when anything but one comma and white space stands between
 * elements or anything but white space behind the array, and for a raw line break within a string, number or word;
 * `content_incomplete` when it ends too early. They name the byte's offset and show that byte at most.
 */
export function createRecordSplitter(): RecordSplitter {
  const element = createElementScanner();
  let place: Place = 'before-array';
  let failure: CollectorError | undefined;
  let records = 0;
  let markBytes = 0;
  /** Bytes of the body before the present chunk. */
  let offset = 0;
  /** The present chunk, and what is left out of it; the gap that is open, if one is, starts at `gapFrom`. */
  let bytes: Buffer = Buffer.alloc(0);
  let gaps: Gaps = [];
  let gapFrom = -1;
  let ends: number[] = [];

  function closeGap(at: number): void {
    if (gapFrom >= 0 && gapFrom < at) gaps.push(gapFrom, at);
    gapFrom = -1;
  }

  /** Turns the byte at this index, the first behind a record, into its line feed. */
  function endLine(at: number): void {
    bytes[at] = lineFeed;
    ends.push(at + 1);
    gapFrom = at + 1;
    records++;
  }

  /** Reads within an element, returns the index of the first byte that is not read. */
  function readRecord(from: number): number {
    const to = element.scan(bytes, from, gaps);
    if (element.stop === 'element-end') place = 'behind-record';
    else if (element.stop === 'broken-string')
      failure = malformed(`has a raw line break within a string of record ${records}`, offset + to);
    else if (element.stop === 'broken-scalar')
      failure = malformed(`has a line break within a number or word of record ${records}`, offset + to);
    return to;
  }

  /** Reads one byte outside the elements; false when it is not read yet and belongs to another place. */
  function readByte(byte: number, at: number): boolean {
    switch (place) {
      case 'before-array':
        if (byte === openingBracket && markBytes % 3 === 0) place = 'before-first';
        else if (byte === byteOrderMark[offset + at]) markBytes++;
        else if (!isWhiteSpace(byte) || markBytes % 3 !== 0) failure = notAnArray(byte, offset + at);
        return true;
      case 'before-first':
      case 'before-record':
        if (isWhiteSpace(byte)) return true;
        if (byte === closingBracket && place === 'before-first') {
          place = 'behind-array';
          return true;
        }
        closeGap(at);
        if (element.begin(byte)) place = 'in-record';
        else failure = malformed(`has ${quoteByte(byte)} where record ${records} was expected`, offset + at);
        return false;
      case 'behind-array':
        if (!isWhiteSpace(byte)) failure = malformed(`has ${quoteByte(byte)} behind the array's end`, offset + at);
        return true;
      default:
        if (byte !== comma && byte !== closingBracket && !isWhiteSpace(byte)) {
          failure = malformed(
            `has ${quoteByte(byte)} behind a record, where a comma or the end was expected`,
            offset + at,
          );
          return false;
        }
        if (place === 'behind-record') endLine(at);
        place = byte === comma ? 'before-record' : byte === closingBracket ? 'behind-array' : 'behind-line';
        return true;
    }
  }

  return {
    push(chunk) {
      bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      gaps = [];
      ends = [];
      gapFrom = place === 'in-record' ? -1 : 0;
      let i = 0;
      while (i < bytes.length && failure === undefined) {
        if (place === 'in-record') i = readRecord(i);
        else if (readByte(bytes[i] as number, i)) i++;
      }
      if (failure !== undefined && gapFrom < 0) gapFrom = i;
      closeGap(bytes.length);
      offset += bytes.length;
      return { bytes: closeGaps(bytes, gaps, ends), ends, failure };
    },
    end() {
      if (failure === undefined && place !== 'behind-array')
        failure = place === 'before-array' ? notAnArray(undefined, offset) : incomplete(records, offset);
      return failure;
    },
  };
}
