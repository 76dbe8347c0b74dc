/** Something that can be made smaller, in bytes. */
export interface Reducible {
  readonly size: number;
  /** It is not made smaller than this. */
  readonly floor: number;
}

/** What becomes of it at a level. */
export function sizeAt({ size, floor }: Reducible, level: number): number {
  return Math.min(size, Math.max(level, floor));
}

/**
 * The highest level, in whole bytes, at which all of them fit into `room` together when each is cut to the level: so the largest
 * lose first, and small ones nothing. 0 when they do not even fit at their floors.
 */
export function waterLevel(all: readonly Reducible[], room: number): number {
  let low = 0;
  let high = all.reduce((most, { size }) => Math.max(most, size), 0);
  while (low < high) {
    const level = Math.ceil((low + high) / 2);
    if (all.reduce((sum, one) => sum + sizeAt(one, level), 0) <= room) low = level;
    else high = level - 1;
  }
  return low;
}
