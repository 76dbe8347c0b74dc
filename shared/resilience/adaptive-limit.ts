/**
 * How much of something a service takes at a time, found out by trying: twice as much with each round that goes well until it is too
 * much for the first time, one more after that; and half as much when it is too much (additive increase, multiplicative decrease).
 */
export interface AdaptiveLimit {
  /** At least 1. */
  readonly now: number;
  /** Grows when whatever is begun after this one is too much: hand it to `overloaded`. */
  readonly generation: number;
  /** One went well; only when the limit was reached does that tell that more may be possible. */
  succeeded(limitReached: boolean): void;
  /** It was too much. What was begun before the last decrease tells nothing new. */
  overloaded(generation: number): void;
}

export function createAdaptiveLimit({ first, most }: { readonly first: number; readonly most: number }): AdaptiveLimit {
  let limit = Math.min(first, most);
  let generation = 0;
  let successes = 0;
  return {
    get now() {
      return limit;
    },
    get generation() {
      return generation;
    },
    succeeded(limitReached) {
      if (!limitReached || limit === most) return;
      successes += 1;
      const growing = generation === 0;
      if (!growing && successes < limit) return;
      limit += 1;
      successes = 0;
    },
    overloaded(begunIn) {
      if (begunIn !== generation) return;
      limit = Math.max(1, Math.floor(limit / 2));
      generation += 1;
      successes = 0;
    },
  };
}
