import type { Gaps } from './gaps.ts';
import {
  backslash,
  breaksLine,
  endOfPlainText,
  isScalar,
  opensNesting,
  opensString,
  plain,
  quote,
  startsScalar,
  structure,
} from './json-bytes.ts';

/**
 * Why a scan stopped.
 *
 * - `chunk-end`: all bytes belong to the element, and it goes on.
 * - `element-end`: the element is whole; its last byte is the one before the index.
 * - `broken-string`: a raw line break within a string, at the index. JSON forbids it.
 * - `broken-scalar`: a line break within a number or word, before the index. Without it the two parts would become one.
 */
export type ScanStop = 'chunk-end' | 'element-end' | 'broken-string' | 'broken-scalar';

/** Finds the end of one array element after the other, in chunks whose borders may be anywhere. */
export interface ElementScanner {
  /** Why the last scan stopped. */
  readonly stop: ScanStop;
  /** Gets ready for an element that starts with this byte; false when no JSON value does. */
  begin(first: number): boolean;
  /**
   * Reads the element from index `from`, at first that of its first byte and then that of the next chunk's. Appends to `gaps`
   * the line breaks between its tokens. Returns the index at which it stopped.
   */
  scan(bytes: Uint8Array, from: number, gaps: Gaps): number;
}

type Place = 'structure' | 'line-break' | 'string' | 'escape' | 'scalar';

/**
 * A scanner that follows strings, escapes and depth, and no other grammar: in every valid element it finds the end that a parser
 * finds, in others some end or none.
 */
export function createElementScanner(): ElementScanner {
  let stop: ScanStop = 'chunk-end';
  let place: Place = 'structure';
  let depth = 0;
  /** Whether the last byte before a line break, or before the chunk, can be part of a number or word. */
  let afterScalar = false;

  function stopAt(index: number, why: ScanStop): number {
    stop = why;
    return index;
  }

  function scanScalar(bytes: Uint8Array, from: number): number {
    let i = from;
    while (i < bytes.length && isScalar(bytes[i] as number)) i++;
    return stopAt(i, i < bytes.length ? 'element-end' : 'chunk-end');
  }

  function skipLineBreaks(bytes: Uint8Array, from: number, gaps: Gaps): number {
    let i = from;
    while (i < bytes.length && structure[bytes[i] as number] === breaksLine) i++;
    if (i > from) gaps.push(from, i);
    return i;
  }

  function scan(bytes: Uint8Array, from: number, gaps: Gaps): number {
    if (place === 'scalar') return scanScalar(bytes, from);
    const classes = structure;
    const end = bytes.length;
    let at: Place = place;
    let nesting = depth;
    let i = from;
    while (i < end) {
      if (at === 'structure') {
        let kind: number | undefined = plain;
        while (i < end) {
          kind = classes[bytes[i] as number];
          if (kind !== plain) break;
          i++;
        }
        if (kind === plain) break;
        if (kind === breaksLine) {
          if (i > 0) afterScalar = isScalar(bytes[i - 1] as number);
          at = 'line-break';
          continue;
        }
        i++;
        if (kind === opensString) at = 'string';
        else if (kind === opensNesting) nesting++;
        else if (--nesting === 0) return stopAt(i, 'element-end');
      } else if (at === 'string') {
        i = endOfPlainText(bytes, i, end);
        if (i === end) break;
        const byte = bytes[i] as number;
        if (byte === backslash) at = 'escape';
        else if (byte !== quote) return stopAt(i, 'broken-string');
        else if (nesting === 0) return stopAt(i + 1, 'element-end');
        else at = 'structure';
        i++;
      } else if (at === 'escape') {
        if (structure[bytes[i] as number] === breaksLine) return stopAt(i, 'broken-string');
        at = 'string';
        i++;
      } else {
        i = skipLineBreaks(bytes, i, gaps);
        if (i === end) break;
        if (afterScalar && isScalar(bytes[i] as number)) return stopAt(i, 'broken-scalar');
        at = 'structure';
      }
    }
    if (at === 'structure') afterScalar = isScalar(bytes[end - 1] as number);
    place = at;
    depth = nesting;
    return stopAt(end, 'chunk-end');
  }

  return {
    get stop() {
      return stop;
    },
    begin(first) {
      const kind = structure[first];
      place = startsScalar(first) ? 'scalar' : 'structure';
      depth = 0;
      return place === 'scalar' || kind === opensString || kind === opensNesting;
    },
    scan,
  };
}
