import { resolve } from 'node:path';
import { loadApp } from './app-loader.ts';
import type { Environment } from './app-settings.ts';
import type { BindingInfo } from './core-types.ts';
import { createDrain } from './drain.ts';
import { createFunctionRunner, type InvocationCount, unlessAborted } from './function-runner.ts';
import { createFunctionWorker } from './function-worker.ts';
import { createAppRegistry } from './functions-core.ts';
import { type HostSettings, readHostSettings } from './host-settings.ts';
import { type HttpListener, startHttpListener } from './http-listener.ts';
import { runAppHooks } from './invocation.ts';
import { describeError, type OnLog } from './log.ts';
import { createQueueListener } from './queue-listener.ts';
import { completeMessage, type MadeUpMessage, queueTriggerData } from './queue-message.ts';
import { createTimerListener, type TimerRun } from './timer-listener.ts';
import { type FiredTimer, fireDueTimers } from './timer-occurrences.ts';
import { readTrigger, type Trigger } from './triggers.ts';

/** How an app is to be hosted. */
export interface HostOptions {
  /** Holds the app's host.json, and package.json whose `main` is the entry point. */
  readonly appDirectory: string;
  /** Application settings, over those of the process; undefined takes one away. */
  readonly environment?: Environment;
  /** Every line, whatever host.json's log levels. Default: none are kept. */
  readonly onLog?: OnLog;
  /** How long a received message is hidden unless renewed, in milliseconds, rounded up to seconds; default the real host's 10 minutes. */
  readonly messageLeaseMs?: number;
  /** `running` (default) listens to queues and clock at once; `manual` runs nothing until it is told to. HTTP is always served. */
  readonly start?: 'running' | 'manual';
  /** Whether this is the instance of the app that listens to the clock: of many, one does. Default true. */
  readonly timers?: boolean;
  /** Default 0: any that is free. */
  readonly httpPort?: number;
}

/** A function of the app. */
export interface HostedFunction {
  readonly name: string;
  readonly trigger: Trigger;
  readonly bindings: Readonly<Record<string, BindingInfo>>;
}

/** An app that has been started: one instance, as the real host would run it. */
export interface AppHost {
  readonly functions: readonly HostedFunction[];
  readonly settings: HostSettings;
  /** Undefined when the app has no HTTP function. */
  readonly http: HttpListener | undefined;
  /** By function name, live. */
  readonly invocations: Readonly<Record<string, InvocationCount>>;
  /** Invocations under way. */
  readonly running: number;
  /** Runs a timer's function once. @throws what it threw. */
  fireTimer(name: string, run?: TimerRun): Promise<unknown>;
  /**
   * Runs every occurrence of every timer after `from`, up to and with `to`, one after the other in the order of time.
   *
   * @param before called ahead of each run, to set a faked clock.
   * @returns what was run, with the error of a run that failed: as in the real host it does not end the rest.
   */
  fireDueTimers(from: Date, to: Date, before?: (at: Date) => unknown): Promise<FiredTimer[]>;
  /**
   * Works until no queue of the app has a visible message and nothing runs.
   *
   * @param options.timeoutMs real time; default 180 s.
   * @throws when that takes longer, naming what is left; what storage answered.
   */
  drain(options?: { readonly timeoutMs?: number }): Promise<void>;
  startListening(): void;
  /** Receives nothing more and runs no more timers; what runs goes on. */
  pauseListening(): Promise<void>;
  /** Delivers a message to a queue's function, past the queue, or runs a timer's. @throws what the function threw. */
  invoke(name: string, message?: string | MadeUpMessage): Promise<unknown>;
  /** Ends in order: nothing new, what runs may end within the grace period (default 30 s), then the appTerminate hooks. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
  /**
   * Ends as in a crash: messages stay leased, running invocations reject for whoever waits for them, nothing more is logged.
   * Code of handlers under way cannot be ended from here and runs on; for that end a process of its own (main.ts).
   */
  kill(): void;
}

/** Loads and starts an app. @throws what its entry point throws, as it is; what the real host would refuse. */
export async function startHost(options: HostOptions): Promise<AppHost> {
  const appDirectory = resolve(options.appDirectory);
  const environment = options.environment ?? {};
  const onLog = options.onLog ?? (() => undefined);
  const appSettings = { ...process.env, ...environment };
  const settings = await readHostSettings(appDirectory);
  const app = createAppRegistry((level, _category, message) => onLog({ level, category: 'Worker', message }));
  await loadApp(appDirectory, environment, app);
  await runAppHooks(app, 'appStart', { functionAppDirectory: appDirectory });
  app.started = true;

  const functions = [...app.functions.values()].map(({ metadata }) => ({
    name: metadata.name,
    trigger: readTrigger(metadata, appSettings),
    bindings: metadata.bindings,
  }));
  const crash = new AbortController();
  const killed = crash.signal;
  const runner = createFunctionRunner({
    worker: createFunctionWorker(app),
    functionTimeoutMs: settings.functionTimeoutMs,
    onLog,
    killed,
  });
  const queues = functions.flatMap(({ name, trigger }) =>
    trigger.type === 'queueTrigger'
      ? createQueueListener({
          functionName: name,
          trigger,
          settings: settings.queues,
          leaseMs: options.messageLeaseMs ?? 10 * 60_000,
          runner,
          onLog,
          killed,
        })
      : [],
  );
  const timers = functions.flatMap(({ name, trigger }) =>
    trigger.type === 'timerTrigger' ? createTimerListener({ functionName: name, trigger, runner, killed }) : [],
  );
  const httpFunctions = functions.flatMap(({ name, trigger }) =>
    trigger.type === 'httpTrigger' ? { name, trigger } : [],
  );
  const http =
    httpFunctions.length === 0
      ? undefined
      : await startHttpListener({
          functions: httpFunctions,
          routePrefix: settings.routePrefix,
          runner,
          port: options.httpPort ?? 0,
        });

  let listening = false;
  let stopped: Promise<void> | undefined;

  function startListening(): void {
    killed.throwIfAborted();
    if (stopped !== undefined) {
      throw new Error('The host is being stopped.');
    }
    listening = true;
    for (const listener of options.timers === false ? queues : [...queues, ...timers]) {
      listener.start();
    }
  }

  async function pauseListening(): Promise<void> {
    listening = false;
    for (const timer of timers) {
      timer.pause();
    }
    await Promise.all(queues.map((queue) => queue.pause()));
  }

  function end(reason: string): void {
    listening = false;
    crash.abort(new Error(reason));
    http?.kill();
  }

  async function stop(graceMs: number): Promise<void> {
    const graceOver = new AbortController();
    const timer = setTimeout(() => graceOver.abort(), graceMs);
    const grace = AbortSignal.any([graceOver.signal, killed]);
    const ended = Promise.all([pauseListening(), http?.stop()]).then(async () => {
      while (runner.running > 0 || queues.some((queue) => queue.running > 0)) {
        await Promise.all([runner.untilIdle(grace), ...queues.map((queue) => queue.untilIdle(grace))]);
        grace.throwIfAborted();
      }
    });
    // Grace over or killed: what still runs is left behind, as in the real host; its message comes back after its lease.
    await unlessAborted(ended, grace).catch(() => undefined);
    clearTimeout(timer);
    if (killed.aborted) {
      return;
    }
    await runAppHooks(app, 'appTerminate', {}).catch((error: unknown) => {
      onLog({ level: 'error', category: 'Worker', message: describeError(error) });
    });
    end('The host was stopped.');
  }

  const drain = createDrain({ queues, runner, killed, isListening: () => listening });
  const timerNamed = (name: string) => timers.find((timer) => timer.functionName === name);

  if (options.start !== 'manual') {
    startListening();
  }
  return {
    functions,
    settings,
    http,
    invocations: runner.counts,
    get running() {
      return runner.running;
    },
    async fireTimer(name, run) {
      const timer = timerNamed(name);
      if (timer === undefined) {
        throw new Error(
          `The app has no timer function '${name}': ${timers.map((known) => known.functionName).join(', ')}.`,
        );
      }
      return await timer.fire(run);
    },
    fireDueTimers: (from, to, before) => fireDueTimers(timers, from, to, before),
    drain: ({ timeoutMs = 180_000 } = {}) => drain(timeoutMs),
    startListening,
    pauseListening,
    async invoke(name, message) {
      const trigger = functions.find((known) => known.name === name)?.trigger;
      const timer = timerNamed(name);
      if (timer !== undefined && message === undefined) {
        return await timer.fire();
      }
      if (trigger?.type !== 'queueTrigger' || message === undefined) {
        throw new Error(
          `'${name}' cannot be invoked like this: give a queue function a message, a timer function none.`,
        );
      }
      const complete = completeMessage(typeof message === 'string' ? { messageText: message } : message);
      return (await runner.run(name, queueTriggerData(trigger, complete, complete.messageText))).returned;
    },
    async stop({ graceMs = 30_000 } = {}) {
      stopped ??= stop(graceMs);
      await stopped;
    },
    kill: () => end('The host was killed.'),
  };
}
