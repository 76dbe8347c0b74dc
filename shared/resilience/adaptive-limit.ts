/**
 * How much of something a service takes at a time, found out by trying: twice as much with each round that goes well until it is too
 * much for the first time, one more a round after that; half as much when it is too much (additive increase, multiplicative
 * decrease), as soon as something got through again. What was too much is not tried again for ten minutes.
 */
export interface AdaptiveLimit {
  /** At least 1. */
  readonly now: number;
  /** Of what is begun now: to be handed to `overloaded`. */
  readonly generation: number;
  /** One of so many at a time went well; only when they are as many as the limit does that tell that more may be possible. */
  succeeded(inside: number): void;
  /** So many at a time were too much. What was begun before the last decrease tells nothing new, and one alone nothing at all. */
  overloaded(inside: number, generation: number): void;
}

const rememberedMs = 10 * 60_000;

/** @param now the wall clock, milliseconds since 1970. */
export function createAdaptiveLimit(
  { first, most }: { readonly first: number; readonly most: number },
  now: () => number,
): AdaptiveLimit {
  let limit = Math.min(first, most);
  let generation = 0;
  let successes = 0;
  /** The limit once something got through; until then one goes on alone. */
  let held: number | undefined;
  let tooMuch = Number.POSITIVE_INFINITY;
  let tooMuchAt = Number.NEGATIVE_INFINITY;
  return {
    get now() {
      return limit;
    },
    get generation() {
      return generation;
    },
    succeeded(inside) {
      if (held !== undefined) {
        limit = held;
        held = undefined;
        return;
      }
      if (Math.abs(now() - tooMuchAt) > rememberedMs) tooMuch = Number.POSITIVE_INFINITY;
      if (inside < limit || limit === most || limit + 1 >= tooMuch) return;
      successes += 1;
      if (generation > 0 && successes < limit) return;
      limit += 1;
      successes = 0;
    },
    overloaded(inside, begunIn) {
      if (begunIn !== generation || inside <= 1) return;
      tooMuch = inside;
      tooMuchAt = now();
      held = Math.max(1, Math.floor(inside / 2));
      limit = 1;
      generation += 1;
      successes = 0;
    },
  };
}
