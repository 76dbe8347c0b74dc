/** Stretches of a chunk that are left out: index of the first byte, index behind the last, and so on. Ascending, apart. */
export type Gaps = number[];

/** Up to this many bytes a loop is quicker than a call of `copyWithin`. */
const shortRun = 96;

/**
 * Moves the bytes between the gaps together, in place.
 *
 * @param ends ascending indices of the chunk, each behind a byte that is kept; they become the same places in the result
 * @returns the bytes that are kept, a view into `bytes`; nothing is moved for gaps at the chunk's start and end
 */
export function closeGaps(bytes: Buffer, gaps: Readonly<Gaps>, ends: number[]): Buffer {
  const start = gaps[0] === 0 ? (gaps[1] ?? 0) : 0;
  let write = start;
  let end = 0;
  for (let gap = start === 0 ? -1 : 1; gap < gaps.length; gap += 2) {
    const from = gaps[gap] ?? 0;
    const to = gaps[gap + 1] ?? bytes.length;
    for (; end < ends.length && (ends[end] ?? 0) <= to; end++) ends[end] = (ends[end] ?? 0) - from + write - start;
    moveUp(bytes, from, to, write);
    write += to - from;
  }
  return bytes.subarray(start, write);
}

function moveUp(bytes: Buffer, from: number, to: number, target: number): void {
  if (from === target) return;
  if (to - from > shortRun) {
    bytes.copyWithin(target, from, to);
    return;
  }
  let write = target;
  for (let read = from; read < to; read++) {
    bytes[write] = bytes[read] as number;
    write++;
  }
}
