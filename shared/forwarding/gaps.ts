/** Stretches of a chunk that are left out: index of the first byte, index behind the last, and so on. Ascending, none empty. */
export type Gaps = number[];

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
  for (let gap = start === 0 ? 0 : 2, from = start; gap <= gaps.length; gap += 2) {
    const to = gaps[gap] ?? bytes.length;
    for (; end < ends.length && (ends[end] ?? 0) <= to; end++) ends[end] = (ends[end] ?? 0) - from + write - start;
    if (from !== write) bytes.copyWithin(write, from, to);
    write += to - from;
    from = gaps[gap + 1] ?? bytes.length;
  }
  return bytes.subarray(start, write);
}
