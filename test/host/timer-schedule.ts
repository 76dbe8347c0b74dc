import { Cron } from 'croner';

/** When a timer is due. */
export interface TimerSchedule {
  /** The first occurrence after `time`, not at it; undefined when there is none. */
  nextAfter(time: Date): Date | undefined;
  /** The occurrences after `from`, up to and with `to`. */
  between(from: Date, to: Date): Generator<Date>;
  /** Whether two occurrences are ever less than a minute apart; told from the next ones, as the host does. */
  readonly underOneMinute: boolean;
}

/**
 * Reads an NCRONTAB expression: second (0 if left out), minute, hour, day, month, day of week; UTC. Where day and day of week are both
 * given, both must match.
 *
 * Source: Microsoft Learn, "Timer trigger for Azure Functions", NCRONTAB expressions; atifaziz/NCrontab.
 * @throws when it is none. What only other crons know (`L`, `W`, `#`, `?`, `@daily`) is none.
 */
export function parseSchedule(expression: string): TimerSchedule {
  const cron = readExpression(expression);
  function* between(from: Date, to: Date): Generator<Date> {
    for (let next = cron.nextRun(from); next !== null && next <= to; next = cron.nextRun(next)) {
      yield next;
    }
  }
  return {
    nextAfter: (time) => cron.nextRun(time) ?? undefined,
    between,
    underOneMinute: cron
      .nextRuns(6, new Date())
      .some(
        (time, index, times) => time.getTime() - (times[index - 1]?.getTime() ?? Number.NEGATIVE_INFINITY) < 60_000,
      ),
  };
}

function readExpression(expression: string): Cron {
  try {
    if (/[?#@]|\b\d*[LW]\b/i.test(expression)) {
      throw new Error('not NCRONTAB');
    }
    return new Cron(expression, {
      mode: '5-or-6-parts',
      timezone: 'UTC',
      paused: true,
      sloppyRanges: true,
      domAndDow: true,
    });
  } catch (cause) {
    throw new Error(`The schedule expression '${expression}' was not recognized as a valid cron expression.`, {
      cause,
    });
  }
}
