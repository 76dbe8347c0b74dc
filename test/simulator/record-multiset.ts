import { createHash, hash } from 'node:crypto';

/** How one multiset differs from another. */
export interface MultisetDifference {
  /** Copies beyond those in the other set, of records that are in it. */
  readonly surplus: number;
  /** Copies of records that are not in the other set at all. */
  readonly foreign: number;
}

/**
 * Counts records by the first 128 bits of their SHA-1, 20 bytes a record and slot, so that tens of millions fit.
 */
export interface RecordMultiset {
  /** All copies. */
  readonly total: number;
  /** Different records. */
  readonly distinct: number;
  /** Returns how often the record has been added now. */
  add(record: Buffer): number;
  count(record: Buffer): number;
  /** How this set exceeds the other. */
  beyond(other: RecordMultiset): MultisetDifference;
  /** SHA-256 over the sorted hashes of all copies: equal exactly when the multisets are. */
  sha256(): string;
  /** How often the record with this hash is there. */
  countOf(one: number, two: number, three: number, four: number): number;
}

const words = 4;

/** An empty multiset. */
export function createRecordMultiset(): RecordMultiset {
  let capacity = 1_024;
  let hashes = new Uint32Array(capacity * words);
  let counts = new Uint32Array(capacity);
  let distinct = 0;
  let total = 0;
  const current = new Uint32Array(words);

  function take(record: Buffer): void {
    const digest = hash('sha1', record, 'binary');
    for (let word = 0; word < words; word += 1) {
      const at = word * 4;
      current[word] =
        (digest.charCodeAt(at) << 24) |
        (digest.charCodeAt(at + 1) << 16) |
        (digest.charCodeAt(at + 2) << 8) |
        digest.charCodeAt(at + 3);
    }
  }

  /** The slot of the hash, or the free one where it belongs. */
  function slotOf(one: number, two: number, three: number, four: number): number {
    let slot = one & (capacity - 1);
    while (counts[slot] !== 0) {
      const at = slot * words;
      if (hashes[at] === one && hashes[at + 1] === two && hashes[at + 2] === three && hashes[at + 3] === four) break;
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  }

  function grow(): void {
    const oldHashes = hashes;
    const oldCounts = counts;
    capacity *= 2;
    hashes = new Uint32Array(capacity * words);
    counts = new Uint32Array(capacity);
    for (let old = 0; old < oldCounts.length; old += 1) {
      if (oldCounts[old] === 0) continue;
      const entry = oldHashes.subarray(old * words, old * words + words);
      const slot = slotOf(word(entry, 0), word(entry, 1), word(entry, 2), word(entry, 3));
      hashes.set(entry, slot * words);
      counts[slot] = word(oldCounts, old);
    }
  }

  const currentSlot = (): number => slotOf(word(current, 0), word(current, 1), word(current, 2), word(current, 3));

  return {
    get total() {
      return total;
    },
    get distinct() {
      return distinct;
    },
    add(record) {
      if (distinct * 3 > capacity * 2) grow();
      take(record);
      const slot = currentSlot();
      if (counts[slot] === 0) {
        hashes.set(current, slot * words);
        distinct += 1;
      }
      total += 1;
      const count = word(counts, slot) + 1;
      counts[slot] = count;
      return count;
    },
    count(record) {
      take(record);
      return word(counts, currentSlot());
    },
    countOf: (one, two, three, four) => word(counts, slotOf(one, two, three, four)),
    beyond(other) {
      let surplus = 0;
      let foreign = 0;
      for (let slot = 0; slot < capacity; slot += 1) {
        const count = word(counts, slot);
        if (count === 0) continue;
        const at = slot * words;
        const theirs = other.countOf(
          word(hashes, at),
          word(hashes, at + 1),
          word(hashes, at + 2),
          word(hashes, at + 3),
        );
        if (theirs === 0) foreign += count;
        else surplus += Math.max(0, count - theirs);
      }
      return { surplus, foreign };
    },
    sha256() {
      const slots: number[] = [];
      for (let slot = 0; slot < capacity; slot += 1) {
        for (let copy = word(counts, slot); copy > 0; copy -= 1) slots.push(slot);
      }
      slots.sort((left, right) => compareAt(hashes, left * words, right * words));
      const digest = createHash('sha256');
      for (const slot of slots) digest.update(hashes.subarray(slot * words, slot * words + words));
      return digest.digest('hex');
    },
  };
}

function word(array: Uint32Array, index: number): number {
  return array[index] as number;
}

function compareAt(hashes: Uint32Array, left: number, right: number): number {
  for (let offset = 0; offset < words; offset += 1) {
    const difference = word(hashes, left + offset) - word(hashes, right + offset);
    if (difference !== 0) return difference;
  }
  return 0;
}
