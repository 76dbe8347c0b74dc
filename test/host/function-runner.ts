import { randomBytes, randomUUID } from 'node:crypto';
import type { TypedData } from './core-types.ts';
import type { FunctionWorker } from './function-worker.ts';
import type { InvocationResult } from './invocation.ts';
import { describeError, type OnLog } from './log.ts';

/** How often a function has been started and how that ended. A run cut off by a kill is started and nothing else. */
export interface InvocationCount {
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** What a trigger hands to a function. */
export interface TriggerData {
  readonly bindingName: string;
  readonly data: TypedData;
  readonly metadata: Readonly<Record<string, TypedData>>;
  /** For the log: why the function runs. */
  readonly reason: string;
}

/** Runs an app's functions, counts and times them. */
export interface FunctionRunner {
  readonly counts: Readonly<Record<string, InvocationCount>>;
  /** Invocations under way. */
  readonly running: number;
  /**
   * Runs a function once.
   *
   * @throws what the function threw; that it ran past its timeout; that the host was killed.
   */
  run(functionName: string, input: TriggerData): Promise<InvocationResult>;
  /** Resolves when nothing runs, or `signal` is aborted. */
  untilIdle(signal: AbortSignal): Promise<void>;
}

/** What a runner works with. */
export interface FunctionRunnerOptions {
  readonly worker: FunctionWorker;
  /** Undefined for no limit. */
  readonly functionTimeoutMs: number | undefined;
  readonly onLog: OnLog;
  /** When aborted, running and later invocations reject with its reason at once. */
  readonly killed: AbortSignal;
}

/** A runner for the functions of an app that a worker has loaded. */
export function createFunctionRunner(options: FunctionRunnerOptions): FunctionRunner {
  const { worker, onLog, killed } = options;
  const counts: Record<string, { started: number; succeeded: number; failed: number }> = {};
  for (const name of worker.functionNames) {
    counts[name] = { started: 0, succeeded: 0, failed: 0 };
  }
  const running = new Set<Promise<unknown>>();

  async function runOnce(name: string, input: TriggerData): Promise<InvocationResult> {
    killed.throwIfAborted();
    const invocationId = randomUUID();
    const log = (level: 'information' | 'error', message: string) => {
      if (!killed.aborted) {
        onLog({ level, category: `Function.${name}`, message, functionName: name, invocationId });
      }
    };
    const count = counts[name];
    const startedAt = performance.now();
    const ended = (outcome: 'Succeeded' | 'Failed') =>
      `Executed 'Functions.${name}' (${outcome}, Id=${invocationId}, Duration=${Math.round(performance.now() - startedAt)}ms)`;
    log('information', `Executing 'Functions.${name}' (Reason='${input.reason}', Id=${invocationId})`);
    if (count !== undefined) {
      count.started++;
    }
    const request = {
      invocationId,
      functionId: name,
      inputData: [{ name: input.bindingName, data: input.data }],
      triggerMetadata: input.metadata,
      traceContext: {
        traceParent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
        traceState: '',
      },
    };
    try {
      const run = worker.invoke(request, (entry) => {
        if (!killed.aborted) {
          onLog(entry);
        }
      });
      const result = await withinLimits(run, options, `'Functions.${name}' (Id: '${invocationId}')`);
      if (count !== undefined) {
        count.succeeded++;
      }
      log('information', ended('Succeeded'));
      return result;
    } catch (error) {
      if (count !== undefined && !killed.aborted) {
        count.failed++;
      }
      log('error', `${ended('Failed')}\n${describeError(error)}`);
      throw error;
    }
  }

  return {
    counts,
    get running() {
      return running.size;
    },
    async run(functionName, input) {
      if (!worker.functionNames.includes(functionName)) {
        throw new Error(`The app has no function '${functionName}': ${worker.functionNames.join(', ')}.`);
      }
      const run = runOnce(functionName, input);
      const ended: Promise<unknown> = run.then(
        () => running.delete(ended),
        () => running.delete(ended),
      );
      running.add(ended);
      return await run;
    },
    async untilIdle(signal) {
      while (running.size > 0 && !signal.aborted) {
        // Runs never fail here (see above): only the signal does, and the loop ends by it.
        await unlessAborted(Promise.race(running), signal).catch(() => undefined);
      }
    },
  };
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * Ends the wait for an invocation, not the invocation: nothing can end a handler in this process. The real host restarts its
 * worker after a timeout, and every invocation on it is lost.
 */
async function withinLimits<T>(run: Promise<T>, options: FunctionRunnerOptions, what: string): Promise<T> {
  const { functionTimeoutMs: limitMs, killed } = options;
  if (limitMs === undefined) {
    return await unlessAborted(run, killed);
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`Timeout value of ${limitMs / 1000} s exceeded by function ${what}.`);
    timer = setTimeout(() => reject(error), Math.min(limitMs, longestTimerMs));
  });
  try {
    return await unlessAborted(Promise.race([run, late]), killed);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a promise, but no longer than until `signal` is aborted. @throws the signal's reason then. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Not lost: who waits gets it below. It may fail after nobody waits any more, which must not end the process.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
