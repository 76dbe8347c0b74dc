/** Seeded pseudo-random numbers: the same seed gives the same world. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** One of the choices, which must not be empty. */
  pick<T>(choices: readonly T[]): T;
  chance(probability: number): boolean;
  /** 32 bits. */
  word(): number;
  /** Eight hexadecimal digits. */
  hex8(): string;
  /** A version 4 GUID in lower case. */
  guid(): string;
}

/** A mulberry32 generator: 32 bits of state, fast, and good enough for test data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const hex8 = (): string => hexOf(word());
  return {
    next: () => word() / 4_294_967_296,
    below: (limit) => Math.floor((word() / 4_294_967_296) * limit),
    pick: <T>(choices: readonly T[]): T => choices[Math.floor((word() / 4_294_967_296) * choices.length)] as T,
    chance: (probability) => word() / 4_294_967_296 < probability,
    word,
    hex8,
    guid: () => {
      const middle = hex8();
      const end = hex8();
      return `${hex8()}-${middle.slice(0, 4)}-4${middle.slice(5)}-a${end.slice(1, 4)}-${end.slice(4)}${hex8()}`;
    },
  };
}

/** Eight hexadecimal digits of a 32-bit number. */
export function hexOf(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** One 32-bit seed made of several numbers, so that neighbours do not resemble each other. */
export function mixSeeds(...seeds: readonly number[]): number {
  let mixed = 0x9e3779b9;
  for (const seed of seeds) {
    mixed = Math.imul(mixed ^ (seed >>> 0), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed >>> 0;
}

/** Puts the items into a random order, in place. */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let end = items.length - 1; end > 0; end -= 1) {
    const chosen = random.below(end + 1);
    const item = items[end] as T;
    items[end] = items[chosen] as T;
    items[chosen] = item;
  }
  return items;
}
