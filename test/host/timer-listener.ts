import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionRunner, TriggerData } from './function-runner.ts';
import { parseSchedule, type TimerSchedule } from './timer-schedule.ts';
import type { TimerTrigger } from './triggers.ts';

/** What a test may say of a run that it asks for. */
export interface TimerRun {
  /** The occurrence that the run is for; default the one that is due now, or else the next. */
  readonly due?: Date;
  /** Whether the run makes up for a missed one; default false. */
  readonly isPastDue?: boolean;
}

/** Runs one function by the clock, never twice at a time. */
export interface TimerListener {
  readonly functionName: string;
  readonly schedule: TimerSchedule;
  /** Runs the function at each occurrence from now on, on the process's clock. */
  start(): void;
  /** No further runs; one under way goes on. */
  pause(): void;
  /** Runs the function once, after a run that is under way. @throws what it threw. */
  fire(run?: TimerRun): Promise<unknown>;
}

/** What a listener works with. */
export interface TimerListenerOptions {
  readonly functionName: string;
  readonly trigger: TimerTrigger;
  readonly runner: FunctionRunner;
  readonly killed: AbortSignal;
}

const longestWaitMs = 2 ** 31 - 1;
/** default(DateTime) in .NET: there was no run yet. */
const never = new Date('0001-01-01T00:00:00Z');

/**
 * A listener that has not been started. As in the real host the next run is worked out from the start of the last, so
 * occurrences that pass during a long run come down to one run right after it. The real host also remembers its runs in a
 * blob and makes up for one missed while it was down; this one starts with no memory.
 *
 * Source: Azure/azure-webjobs-sdk-extensions, TimerListener.cs.
 */
export function createTimerListener(options: TimerListenerOptions): TimerListener {
  const { functionName, trigger, runner, killed } = options;
  const schedule = parseSchedule(trigger.schedule);
  const monitored = trigger.useMonitor && !schedule.underOneMinute;
  let last = never;
  let previousRun: Promise<unknown> = Promise.resolve();
  let ticking: AbortController | undefined;

  async function run({ due, isPastDue = false }: TimerRun): Promise<unknown> {
    const startedAt = new Date();
    const next = due ?? schedule.nextAfter(new Date(startedAt.getTime() - 1));
    const status = monitored ? { Last: last, Next: next, LastUpdated: last } : null;
    const input = { Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: isPastDue };
    last = startedAt;
    return (await runner.run(functionName, timerData(trigger, input, startedAt))).returned;
  }

  function fire(timerRun: TimerRun = {}): Promise<unknown> {
    const fired = previousRun.then(() => run(timerRun));
    previousRun = fired.catch(() => undefined);
    return fired;
  }

  async function tick(stopped: AbortSignal): Promise<void> {
    if (trigger.runOnStartup) {
      await fire().catch(() => undefined);
    }
    let next = schedule.nextAfter(new Date());
    while (next !== undefined && !stopped.aborted) {
      const waitMs = Math.max(1, next.getTime() - Date.now());
      await delay(Math.min(waitMs, longestWaitMs), undefined, { signal: stopped }).catch(() => undefined);
      if (waitMs <= longestWaitMs && !stopped.aborted) {
        const firedAt = new Date();
        await fire({ due: next }).catch(() => undefined);
        // A wait that ends a little early must not take the same occurrence twice.
        next = schedule.nextAfter(firedAt < next ? next : firedAt);
      }
    }
  }

  return {
    functionName,
    schedule,
    start() {
      if (ticking === undefined) {
        ticking = new AbortController();
        void tick(AbortSignal.any([ticking.signal, killed]));
      }
    },
    pause() {
      ticking?.abort();
      ticking = undefined;
    },
    fire,
  };
}

function timerData(trigger: TimerTrigger, input: object, startedAt: Date): TriggerData {
  return {
    bindingName: trigger.bindingName,
    data: { json: JSON.stringify(input) },
    metadata: {},
    reason: `Timer fired at ${startedAt.toISOString()}`,
  };
}
