import { type Reducible, waterLevel } from './cut-level.ts';
import { identifyingNames, memberName } from './cut-names.ts';
import { closingBrace, endOfString, endOfValue, openingBrace, opens } from './cut-tokens.ts';
import { closingBracket, comma } from './json-bytes.ts';

/** Arrays and objects that lie deeper are kept or dropped whole. Those of audit records are less than ten deep. */
const maxDepth = 12;
/** An array or object is not made smaller than this part of what its own parent may have, but dropped. */
const share = 32;
/** Nor smaller than this: it would have nothing left to say. */
const shortBytes = 256;
/** A number or name longer than this is dropped alone: what stands behind it is worth more. */
const absurdBytes = 2_048;

/** An element of an array or a member of an object. */
interface Item {
  /** Index of its first byte: the value's, or the quote's before the name. */
  readonly start: number;
  readonly value: number;
  /** Index behind its value. */
  readonly end: number;
}

interface KeptItem extends Item {
  /** Whether it is an array or object that may have to get smaller. */
  readonly shrinks: boolean;
}

/** Items by the index of their first byte. */
type Items = ReadonlyMap<number, Item>;

/**
 * Drops elements and members until the record fits: the largest arrays and objects lose most, each from its end; they stay the
 * arrays and objects they were. What identifies the record stays, if it takes no more than `keepBytes` each; of members that have
 * the same name, the last one does: it is the one that parsers see.
 *
 * @param record a valid JSON object without white space
 * @returns the object in at most `room` bytes; undefined when what identifies the record takes more
 */
export function dropMembers(record: Buffer, keepBytes: number, room: number): Buffer | undefined {
  const copied: Buffer[] = [];
  let copyFrom = 0;
  let copyTo = 0;

  function copy(from: number, to: number): void {
    if (from !== copyTo) {
      copied.push(record.subarray(copyFrom, copyTo));
      copyFrom = from;
    }
    copyTo = to;
  }

  function copyWithin(start: number, end: number, limit: number, depth: number, reserved: Items): void {
    if (end - start <= limit) {
      copy(start, end);
      return;
    }
    const { kept, level } = choose(record, start, limit, depth, reserved);
    copy(start, start + 1);
    for (const [index, item] of kept.entries()) {
      copy(index === 0 ? item.start : item.start - 1, item.value);
      if (item.shrinks) copyWithin(item.value, item.end, level, depth + 1, new Map());
      else copy(item.value, item.end);
    }
    copy(end - 1, end);
  }

  const reserved = identifyingMembers(record, keepBytes);
  if (bytesOf(reserved) + 1 > room) return undefined;
  copyWithin(0, record.length, room, 0, reserved);
  copied.push(record.subarray(copyFrom, copyTo));
  return Buffer.concat(copied);
}

/** Which items stay, in their order, and to how many bytes those are cut that shrink. */
function choose(json: Buffer, start: number, limit: number, depth: number, reserved: Items) {
  const floor = Math.max(shortBytes, Math.floor(limit / share));
  const kept: KeptItem[] = [];
  const shrinking: Reducible[] = [];
  let awaited = reserved.size;
  let left = limit - 1 - bytesOf(reserved);
  let full = false;
  for (const item of itemsOf(json, start)) {
    if (reserved.has(item.start)) {
      kept.push({ ...item, shrinks: false });
      awaited--;
    } else if (!full) {
      const size = item.end - item.value;
      const shrinks = depth < maxDepth && size > floor && opens(json[item.value]);
      const fixed = bytesOfItem(item) - (shrinks ? size : 0);
      const least = shrinks ? fixed + floor : fixed;
      if (least <= left) {
        kept.push({ ...item, shrinks });
        left -= least;
        if (shrinks) shrinking.push({ size, floor });
      } else if (fixed <= absurdBytes) full = true;
    }
    if (full && awaited === 0) break;
  }
  return { kept, level: waterLevel(shrinking, left + shrinking.length * floor) };
}

/** The members that identify the record, without those that are absurdly long. */
function identifyingMembers(record: Buffer, keepBytes: number): Items {
  const byName = new Map<string, Item>();
  for (const item of itemsOf(record, 0)) {
    const name = memberName(record, item.start + 1, item.value - 2);
    if (identifyingNames.has(name) && item.end - item.value <= keepBytes) byName.set(name, item);
  }
  return new Map([...byName.values()].map((item) => [item.start, item]));
}

function* itemsOf(json: Buffer, container: number): Generator<Item> {
  const named = json[container] === openingBrace;
  let start = container + 1;
  while (json[start] !== closingBrace && json[start] !== closingBracket) {
    const value = named ? endOfString(json, start) + 1 : start;
    const end = endOfValue(json, value);
    yield { start, value, end };
    if (json[end] !== comma) return;
    start = end + 1;
  }
}

/** With its comma. */
function bytesOfItem({ start, end }: Item): number {
  return end - start + 1;
}

function bytesOf(items: Items): number {
  let bytes = 0;
  for (const item of items.values()) bytes += bytesOfItem(item);
  return bytes;
}
