import { isUtf8 } from 'node:buffer';
import { dropMembers } from './cut-members.ts';
import { freeMarkerName } from './cut-names.ts';
import { type ObjectScan, scanObject } from './cut-scan.ts';
import { cutMark, lastBorder, leastStringBytes, shortenStrings } from './cut-strings.ts';
import { withoutWhiteSpace } from './cut-white-space.ts';

export { cutMarker, identifyingNames } from './cut-names.ts';

/** The smallest limit: what identifies a record and the marker must fit in. */
export const leastRecordBytes = 1_024;

/** A value that identifies the record is kept whole up to this size; less only if they all together do not fit. */
const identifyingBytes = 4_096;
const leastIdentifyingBytes = 32;
const collector = 'm365-audit-collector';

/**
 * Cuts a record that is too large for its destination down to `maxBytes`, so that it need not be dropped. The same input gives the
 * same bytes, in a time that grows with the record's length and within a few times its memory. For records of up to 64 MiB.
 *
 * The result is one JSON object on one line. Its last member is the marker, `cutMarker`: who cut, and how many bytes the record had.
 * As long as the record is too large, in this order:
 *
 * 1. white space between the tokens goes;
 * 2. the longest string values, wherever they stand, are shortened to one length; each ends with `…[cut, 123456 bytes]`,
 *    the bytes it had in the record. Strings of up to 256 bytes stay;
 * 3. the largest arrays and objects lose elements and members from their end, the record itself last of all.
 *
 * Everything else keeps its bytes and its order; so do the values that identify the record (`identifyingNames`, at the top level, up
 * to 4,096 bytes each, or less where all of them do not fit). A string is not cut within a character or escape sequence.
 * Bytes that are no UTF-8 become U+FFFD first, and count as that in the mark of a string.
 *
 * A record that is no JSON object becomes one, with its beginning as the string `raw`. Nothing is thrown because of its content.
 *
 * @param record one JSON record, not changed
 * @param maxBytes 1,024 or more
 * @returns the record itself if it is no longer than `maxBytes`
 * @throws RangeError when `maxBytes` is less than 1,024
 */
export function cutDown(record: Buffer, maxBytes: number): Buffer {
  if (!(maxBytes >= leastRecordBytes)) {
    throw new RangeError(`A record cannot be cut down to ${maxBytes} bytes, only to ${leastRecordBytes} or more`);
  }
  if (record.length <= maxBytes) return record;
  const object = readObject(record);
  const marker = `"${freeMarkerName(object?.markerNames ?? new Set())}":{"By":"${collector}","OriginalBytes":${record.length}}}`;
  const room = maxBytes - marker.length;
  const cut = object === undefined ? rawObject(record, room) : cutObject(object, room);
  const members = cut.subarray(0, -1);
  return Buffer.concat([members, Buffer.from(members.length > 1 ? `,${marker}` : marker)]);
}

function readObject(record: Buffer): ObjectScan | undefined {
  const text = isUtf8(record) ? record : Buffer.from(record.toString());
  const scan = scanObject(text, leastStringBytes);
  return scan?.whiteSpace ? scanObject(withoutWhiteSpace(text), leastStringBytes) : scan;
}

/** At most `room` bytes; its closing brace makes way for the comma before the marker. */
function cutObject({ json, strings }: ObjectScan, room: number): Buffer {
  for (let keepBytes = identifyingBytes; ; keepBytes = keepBytes > leastIdentifyingBytes ? keepBytes / 2 : 0) {
    const shortened = shortenStrings(json, strings, keepBytes, room);
    const cut = shortened.length <= room ? shortened : dropMembers(shortened, keepBytes, room);
    if (cut !== undefined) return cut;
  }
}

/** An object of at most `room` bytes that holds the beginning of whatever it is, escaped. */
function rawObject(record: Buffer, room: number): Buffer {
  const name = '{"raw":';
  const text = Buffer.from(JSON.stringify(record.toString('utf8', 0, room)));
  const mark = cutMark(record.length);
  const end = lastBorder(text, 1, room - name.length - mark.length - '""}'.length);
  return Buffer.concat([Buffer.from(name), text.subarray(0, end), mark, Buffer.from('"}')]);
}
