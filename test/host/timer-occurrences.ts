import type { TimerListener } from './timer-listener.ts';

/** A run of a timer's function that has ended. */
export interface FiredTimer {
  readonly name: string;
  readonly at: Date;
  /** What the function threw; absent when it succeeded. */
  readonly error?: unknown;
}

/**
 * Runs the timers at each of their occurrences after `from`, up to and with `to`, in the order of time; at the same time, in
 * that of their registration.
 *
 * @param before called ahead of each run.
 */
export async function fireDueTimers(
  timers: readonly TimerListener[],
  from: Date,
  to: Date,
  before?: (at: Date) => unknown,
): Promise<FiredTimer[]> {
  const due = timers
    .flatMap((timer) => [...timer.schedule.between(from, to)].map((at) => ({ timer, at })))
    .sort((one, other) => one.at.getTime() - other.at.getTime());
  const fired: FiredTimer[] = [];
  for (const { timer, at } of due) {
    await before?.(at);
    const name = timer.functionName;
    fired.push(
      await timer.fire({ due: at }).then(
        () => ({ name, at }),
        (error: unknown) => ({ name, at, error }),
      ),
    );
  }
  return fired;
}
