import type { FaultAnswer } from './faults.ts';

/** Answers that come when the test says so, and not by any clock. */
export interface HeldAnswers {
  /** The fault: the service does its work, and says so, once its answers are let go. */
  readonly answer: FaultAnswer;
  /** Requests that wait for their answer now. */
  readonly waiting: number;
  hold(): void;
  /** Everything that waits is answered, and what comes from now on at once. */
  release(): void;
}

/** Answers that are held from the beginning. */
export function createHeldAnswers(): HeldAnswers {
  let waiting = 0;
  let open: () => void = () => undefined;
  let gate: Promise<void>;
  const hold = () => {
    gate = new Promise((resolve) => {
      open = resolve;
    });
  };
  hold();
  return {
    async answer(real) {
      waiting += 1;
      await gate;
      waiting -= 1;
      return real();
    },
    get waiting() {
      return waiting;
    },
    hold,
    release: () => open(),
  };
}
