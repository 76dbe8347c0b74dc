import { join } from 'node:path';
import { createFunctionRunner } from '../host/function-runner.ts';
import type { FunctionWorker } from '../host/function-worker.ts';
import { readHostSettings } from '../host/host-settings.ts';
import { createQueueListener } from '../host/queue-listener.ts';
import { createTimerListener } from '../host/timer-listener.ts';
import { readTrigger, type Trigger } from '../host/triggers.ts';
import type { Child } from './processes/child.ts';
import type { CollectorCommands } from './variants/collector.ts';

/** The host of an app whose functions run in another process: it keeps the clock, receives messages and deletes them. */
export interface RemoteHost {
  /** The queue that the app has named. */
  readonly contentQueueName: string;
  /** Runs the listing timer once. */
  list(): Promise<void>;
  /**
   * Works on the queue until so many contents have been taken through their function.
   *
   * @throws when that takes longer than the limit, or a function fails.
   */
  forward(contents: number, limitMs: number): Promise<void>;
  /** Receives nothing more; resolves when the messages that were worked on are deleted. */
  rest(): Promise<void>;
  stop(): void;
}

const leaseMs = 10 * 60_000;

/**
 * A host for the worker; nothing runs until it is told to.
 *
 * @param queueName where it receives; default the queue that the app has named.
 */
export async function createRemoteHost(
  worker: Child<CollectorCommands>,
  appDirectory: string,
  environment: Readonly<Record<string, string>>,
  queueName?: string,
): Promise<RemoteHost> {
  const settings = await readHostSettings(appDirectory);
  const registered = await worker.call('functions');
  const triggers = new Map(registered.map((metadata) => [metadata.name, readTrigger(metadata, environment)]));
  const killed = new AbortController();
  let forwarded = (): void => undefined;
  let failed = (_reason: unknown): void => undefined;

  const remote: FunctionWorker = {
    functionNames: [...triggers.keys()],
    async invoke(request) {
      try {
        await worker.call('invoke', request);
      } catch (error) {
        failed(error);
        throw error;
      }
      if (request.functionId === 'forward-content') forwarded();
      return { response: {}, returned: undefined };
    },
  };
  const runner = createFunctionRunner({
    worker: remote,
    functionTimeoutMs: settings.functionTimeoutMs,
    onLog: () => undefined,
    killed: killed.signal,
  });
  const common = { runner, killed: killed.signal };
  const forwarding = triggerOf(triggers, 'forward-content', 'queueTrigger');
  const queue = createQueueListener({
    ...common,
    functionName: 'forward-content',
    trigger: { ...forwarding, queueName: queueName ?? forwarding.queueName },
    settings: settings.queues,
    leaseMs,
    onLog: () => undefined,
  });
  const timer = createTimerListener({
    ...common,
    functionName: 'list-content',
    trigger: triggerOf(triggers, 'list-content', 'timerTrigger'),
  });

  return {
    contentQueueName: forwarding.queueName,
    async list() {
      await timer.fire();
    },
    async forward(contents, limitMs) {
      const done = Promise.withResolvers<void>();
      let count = 0;
      forwarded = () => {
        count += 1;
        if (count === contents) done.resolve();
      };
      failed = done.reject;
      const limit = setTimeout(
        () => done.reject(new Error(`${count} of ${contents} contents were forwarded within ${limitMs} ms`)),
        limitMs,
      );
      queue.start();
      await done.promise.finally(() => clearTimeout(limit));
    },
    async rest() {
      await queue.pause();
      await queue.untilIdle(killed.signal);
    },
    stop: () => killed.abort(new Error('The benchmark has ended.')),
  };
}

function triggerOf<T extends Trigger['type']>(triggers: ReadonlyMap<string, Trigger>, name: string, type: T) {
  const trigger = triggers.get(name);
  if (trigger?.type !== type) throw new Error(`The app has no ${type} ${name}`);
  return trigger as Extract<Trigger, { readonly type: T }>;
}

/** Where the app is that this benchmark belongs to. */
export const ownApp = join(import.meta.dirname, '..', '..');
