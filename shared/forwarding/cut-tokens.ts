import { backslash, closingBracket, comma, openingBracket, quote } from './json-bytes.ts';

export const openingBrace = 0x7b;
export const closingBrace = 0x7d;

/** What the functions here return for a token that JSON does not know. */
export const invalid = -1;

const zero = 0x30;
const letterU = 0x75;
const hexDigit = table('0123456789abcdefABCDEF');
const digit = table('0123456789');
const shortEscape = table('"\\/bfnrt');
const words = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** Bytes that end a string's plain text: quote, backslash, and the control characters, which may not stand in it. */
const stopsText = table('"\\');
stopsText.fill(1, 0, 0x20);

/** By how much a byte changes the depth. */
const nesting = new Int8Array(256);
for (const byte of [openingBrace, openingBracket]) nesting[byte] = 1;
for (const byte of [closingBrace, closingBracket]) nesting[byte] = -1;

/** Whether the byte opens an array or object. */
export function opens(byte: number | undefined): boolean {
  return byte === openingBrace || byte === openingBracket;
}

/** Index behind the closing quote of the string that opens at `at`, or `invalid`. */
export function endOfString(json: Uint8Array, at: number): number {
  let i = at + 1;
  while (i < json.length) {
    while (stopsText[json[i] as number] === 0) i++;
    if (json[i] === quote) return i + 1;
    if (json[i] !== backslash) return invalid;
    const length = escapeLength(json, i);
    if (length === 0) return invalid;
    i += length;
  }
  return invalid;
}

/** Bytes of the escape sequence that a backslash at `at` starts: 2 or 6; 0 when there is no such sequence. */
export function escapeLength(json: Uint8Array, at: number): number {
  const letter = json[at + 1] ?? 0;
  if (shortEscape[letter] === 1) return 2;
  if (letter !== letterU) return 0;
  for (let i = at + 2; i < at + 6; i++) if (hexDigit[json[i] ?? 0] !== 1) return 0;
  return 6;
}

/** Index behind the number, `true`, `false` or `null` that starts at `at`, or `invalid`. */
export function endOfScalar(json: Buffer, at: number): number {
  for (const word of words) {
    if (json[at] === word[0]) return json.subarray(at, at + word.length).equals(word) ? at + word.length : invalid;
  }
  const whole = json[at] === 0x2d ? at + 1 : at;
  let end = json[whole] === zero ? whole + 1 : endOfDigits(json, whole);
  if (json[end] === 0x2e) end = endOfDigits(json, end + 1);
  if (json[end] === 0x65 || json[end] === 0x45) {
    const signed = json[end + 1] === 0x2b || json[end + 1] === 0x2d;
    end = endOfDigits(json, end + (signed ? 2 : 1));
  }
  return end;
}

/**
 * Index of the comma or closing bracket behind the value that starts at `at`. Only for valid JSON without white space, and for
 * values within arrays and objects.
 */
export function endOfValue(json: Uint8Array, at: number): number {
  let depth = 0;
  let i = at;
  while (i < json.length) {
    const byte = json[i] as number;
    if (byte === quote) {
      i = endOfString(json, i);
      continue;
    }
    const step = nesting[byte] as number;
    if (depth === 0 && (step < 0 || byte === comma)) return i;
    depth += step;
    i++;
  }
  return i;
}

/** At least one digit, or `invalid`. */
function endOfDigits(json: Uint8Array, from: number): number {
  let i = from;
  while (digit[json[i] ?? 0] === 1) i++;
  return i > from ? i : invalid;
}

function table(characters: string): Uint8Array {
  const values = new Uint8Array(256);
  for (const character of characters) values[character.charCodeAt(0)] = 1;
  return values;
}
