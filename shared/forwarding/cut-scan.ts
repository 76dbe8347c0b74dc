import { cutMarker, identifyingNames, memberName } from './cut-names.ts';
import { closingBrace, endOfScalar, endOfString, invalid, openingBrace, opens } from './cut-tokens.ts';
import { closingBracket, comma, isWhiteSpace, quote } from './json-bytes.ts';

/** A string value; names are none. */
export interface LongString {
  /** Index of its first byte, behind the quote. */
  readonly from: number;
  /** Index of its closing quote. */
  readonly to: number;
  /** Whether it is, or stands in, a value that identifies the record. */
  readonly identifying: boolean;
}

/** What is known of a record that is one valid JSON object. */
export interface ObjectScan {
  /** The record. */
  readonly json: Buffer;
  /** All string values of more than `minBytes`, wherever they stand, in the record's order. */
  readonly strings: readonly LongString[];
  /** Whether there is white space between or around the tokens. */
  readonly whiteSpace: boolean;
  /** The record's own members whose names start like the marker's. */
  readonly markerNames: ReadonlySet<string>;
}

type Expected = 'first-name' | 'name' | 'colon' | 'first-value' | 'value' | 'comma' | 'nothing';

/**
 * Checks that a record is one JSON object by the letter of the grammar, in one pass and without building values; nesting may be as
 * deep as the record is long.
 *
 * @param json valid UTF-8
 * @param minBytes shorter strings are not listed
 * @returns undefined when it is anything else
 */
export function scanObject(json: Buffer, minBytes: number): ObjectScan | undefined {
  const strings: LongString[] = [];
  const markerNames = new Set<string>();
  /** 1 for each open object, 0 for each open array. */
  const objects = new Uint8Array(json.length);
  let depth = 0;
  let whiteSpace = false;
  let identifying = false;
  let expected: Expected = 'value';

  function open(byte: number): void {
    const isObject = byte === openingBrace;
    objects[depth++] = isObject ? 1 : 0;
    expected = isObject ? 'first-name' : 'first-value';
  }

  function close(byte: number): boolean {
    const isObject = objects[--depth] === 1;
    expected = depth === 0 ? 'nothing' : 'comma';
    return byte === (isObject ? closingBrace : closingBracket);
  }

  function noteName(from: number, to: number): void {
    if (depth > 1) return;
    const name = memberName(json, from, to);
    identifying = identifyingNames.has(name);
    if (name.startsWith(cutMarker)) markerNames.add(name);
  }

  /** Reads the token at `at`; returns the index behind it, or `invalid`. */
  function read(at: number, byte: number): number {
    switch (expected) {
      case 'first-name':
      case 'name': {
        if (byte === closingBrace && expected === 'first-name') return close(byte) ? at + 1 : invalid;
        const end = byte === quote ? endOfString(json, at) : invalid;
        if (end !== invalid) noteName(at + 1, end - 1);
        expected = 'colon';
        return end;
      }
      case 'colon':
        expected = 'value';
        return byte === 0x3a ? at + 1 : invalid;
      case 'first-value':
      case 'value': {
        if (byte === closingBracket && expected === 'first-value') return close(byte) ? at + 1 : invalid;
        if (opens(byte)) {
          open(byte);
          return at + 1;
        }
        if (depth === 0) return invalid;
        expected = 'comma';
        if (byte !== quote) return endOfScalar(json, at);
        const end = endOfString(json, at);
        if (end - 2 - at > minBytes) strings.push({ from: at + 1, to: end - 1, identifying });
        return end;
      }
      case 'comma':
        if (byte !== comma) return close(byte) ? at + 1 : invalid;
        expected = objects[depth - 1] === 1 ? 'name' : 'value';
        return at + 1;
      case 'nothing':
        return invalid;
    }
  }

  for (let at = 0; at < json.length; ) {
    const byte = json[at] as number;
    if (isWhiteSpace(byte)) {
      whiteSpace = true;
      at++;
      continue;
    }
    at = read(at, byte);
    if (at === invalid) return undefined;
  }
  const complete = (expected as Expected) === 'nothing' && objects[0] === 1;
  return complete ? { json, strings, whiteSpace, markerNames } : undefined;
}
