import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionRunner } from './function-runner.ts';
import type { QueueListener } from './queue-listener.ts';

/** What is drained. */
export interface DrainOptions {
  readonly queues: readonly QueueListener[];
  readonly runner: FunctionRunner;
  readonly killed: AbortSignal;
  /** While the queues are listened to, draining is only waiting. */
  readonly isListening: () => boolean;
}

const lookAgainMs = 25;

/**
 * Works, or waits, until no queue has a visible message and nothing runs.
 *
 * @returns a function that takes the limit in milliseconds of real time, and throws when it is passed.
 */
export function createDrain({
  queues,
  runner,
  killed,
  isListening,
}: DrainOptions): (timeoutMs: number) => Promise<void> {
  async function work(signal: AbortSignal): Promise<void> {
    for (;;) {
      const received = await Promise.all(queues.map((queue) => queue.pump(signal)));
      if (received.every((count) => count === 0) && runner.running === 0) {
        return;
      }
      // Others may run as well, a timer's function or one that a test has invoked, and send messages.
      await runner.untilIdle(signal);
      signal.throwIfAborted();
    }
  }

  async function wait(signal: AbortSignal): Promise<void> {
    while (!(await isIdle())) {
      await delay(lookAgainMs, undefined, { signal });
    }
  }

  async function isIdle(): Promise<boolean> {
    const visible = await Promise.all(queues.map((queue) => queue.hasVisibleMessage()));
    return runner.running === 0 && !visible.includes(true) && queues.every((queue) => queue.running === 0);
  }

  async function whatIsLeft(): Promise<string> {
    const states = await Promise.all(
      queues.map(async (queue) => {
        const visible = (await queue.hasVisibleMessage().catch(() => false)) ? ', more are visible' : '';
        return `${queue.queueName}: ${queue.running} in work${visible}`;
      }),
    );
    return `${runner.running} invocations run; ${states.join('; ')}`;
  }

  async function drain(timeoutMs: number): Promise<void> {
    killed.throwIfAborted();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error('out of time')), timeoutMs);
    const signal = AbortSignal.any([limit.signal, killed]);
    try {
      await (isListening() ? wait(signal) : work(signal));
    } catch (error) {
      killed.throwIfAborted();
      if (!limit.signal.aborted) {
        throw error;
      }
      throw new Error(`Not drained within ${timeoutMs} ms: ${await whatIsLeft()}.`);
    } finally {
      clearTimeout(timer);
    }
  }

  let previous: Promise<unknown> = Promise.resolve();
  return async (timeoutMs) => {
    // Two at a time would run more messages at a time than the settings allow.
    const drained = previous.then(() => drain(timeoutMs));
    // Whoever asked for it hears of its failure below; the next one only waits for its end.
    previous = drained.catch(() => undefined);
    await drained;
  };
}
