import { endOfString } from './cut-tokens.ts';
import { isWhiteSpace, quote } from './json-bytes.ts';

/** A copy of valid JSON without the white space between and around its tokens. Those keep their bytes. */
export function withoutWhiteSpace(json: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(json.length);
  let length = 0;
  for (let at = 0; at < json.length; ) {
    const byte = json[at] as number;
    if (byte === quote) {
      const end = endOfString(json, at);
      length += json.copy(kept, length, at, end);
      at = end;
    } else {
      if (!isWhiteSpace(byte)) kept[length++] = byte;
      at++;
    }
  }
  return kept.subarray(0, length);
}
