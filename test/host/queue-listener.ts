import { setTimeout as delay } from 'node:timers/promises';
import { isRestError, type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { type FunctionRunner, unlessAborted } from './function-runner.ts';
import type { QueueSettings } from './host-settings.ts';
import { describeError, type OnLog } from './log.ts';
import { createPollingDelay } from './polling-delay.ts';
import { queueTriggerData, type ReceivedMessage } from './queue-message.ts';
import { createQueueMessageProcessor } from './queue-message-processor.ts';
import type { QueueTrigger } from './triggers.ts';

/** Feeds one function from its queue, as the storage extension of the real host does. */
export interface QueueListener {
  readonly functionName: string;
  readonly queueName: string;
  /** Messages received and not yet done with. */
  readonly running: number;
  /** Looks for messages from now on. */
  start(): void;
  /** Receives nothing more; resolves when no receive is under way. What was received goes on. */
  pause(): Promise<void>;
  /**
   * Works through the queue until nothing in it is visible and nothing of it runs. Not while the listener is started.
   *
   * @returns how many messages were received.
   * @throws what storage answered, but for a missing queue, which is an empty one; the signal's reason.
   */
  pump(signal: AbortSignal): Promise<number>;
  /** Resolves when no message is in work, or `signal` is aborted. */
  untilIdle(signal: AbortSignal): Promise<void>;
  /** Whether a message could be received now. */
  hasVisibleMessage(): Promise<boolean>;
}

/** What a listener works with. */
export interface QueueListenerOptions {
  readonly functionName: string;
  readonly trigger: QueueTrigger;
  readonly settings: QueueSettings;
  /** For how long a received message is hidden from others, unless it is renewed; the real host's 10 minutes. */
  readonly leaseMs: number;
  readonly runner: FunctionRunner;
  readonly onLog: OnLog;
  readonly killed: AbortSignal;
}

const leastPollingIntervalMs = 100;

/** A listener that has not been started. Source: Azure/azure-sdk-for-net, QueueListener.cs. */
export function createQueueListener(options: QueueListenerOptions): QueueListener {
  const { functionName, trigger, settings, runner, killed } = options;
  const { queue, poisonQueue } = openQueues(trigger);
  const leaseSeconds = Math.max(1, Math.ceil(options.leaseMs / 1000));
  const log = (level: 'debug' | 'warning' | 'error', message: string) =>
    options.onLog({ level, category: 'Host.Triggers.Queue', message, functionName });
  const processMessage = createQueueMessageProcessor({
    queue,
    poisonQueue,
    settings,
    leaseMs: leaseSeconds * 1000,
    run: (message, text) => runner.run(functionName, queueTriggerData(trigger, message, text)),
    log,
    killed,
  });
  const processing = new Set<Promise<void>>();
  let polling: { readonly stopped: AbortController; readonly ended: Promise<void> } | undefined;

  async function receiveBatch(): Promise<number> {
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: settings.batchSize,
      visibilityTimeout: leaseSeconds,
      abortSignal: killed,
    });
    for (const message of receivedMessageItems) {
      const done: Promise<void> = processMessage(message satisfies ReceivedMessage).finally(() =>
        processing.delete(done),
      );
      processing.add(done);
    }
    return receivedMessageItems.length;
  }

  async function untilRoomForBatch(signal: AbortSignal): Promise<void> {
    while (processing.size > settings.newBatchThreshold) {
      await unlessAborted(Promise.race(processing), signal);
    }
  }

  async function poll(stopped: AbortSignal): Promise<void> {
    const nextDelayMs = createPollingDelay(leastPollingIntervalMs, settings.maxPollingIntervalMs);
    let found = false;
    while (!stopped.aborted) {
      const received = await receiveBatch().catch((error: unknown) => {
        if (!isMissing(error) && !killed.aborted) {
          log('warning', `Queue '${trigger.queueName}' cannot be read: ${describeError(error)}`);
        }
        return 0;
      });
      found ||= received > 0;
      if (received > 0) {
        // It fails by `stopped`, and the loop ends by that; what a message fails by is told where it is processed.
        await untilRoomForBatch(stopped).catch(() => undefined);
      } else if (!stopped.aborted) {
        await delay(nextDelayMs(found), undefined, { signal: stopped }).catch(() => undefined);
        found = false;
      }
    }
  }

  return {
    functionName,
    queueName: trigger.queueName,
    get running() {
      return processing.size;
    },
    start() {
      if (polling === undefined && !killed.aborted) {
        const stopped = new AbortController();
        polling = { stopped, ended: poll(AbortSignal.any([stopped.signal, killed])) };
      }
    },
    async pause() {
      const paused = polling;
      polling = undefined;
      paused?.stopped.abort();
      await paused?.ended;
    },
    async pump(signal) {
      let total = 0;
      for (;;) {
        await untilRoomForBatch(signal);
        signal.throwIfAborted();
        const received = await receiveBatch().catch((error: unknown) => {
          if (isMissing(error)) {
            return 0;
          }
          throw error;
        });
        total += received;
        if (received === 0 && processing.size === 0) {
          return total;
        }
        if (received === 0) {
          await unlessAborted(Promise.race(processing), signal);
        }
      }
    },
    async untilIdle(signal) {
      while (processing.size > 0 && !signal.aborted) {
        await unlessAborted(Promise.race(processing), signal).catch(() => undefined);
      }
    },
    async hasVisibleMessage() {
      try {
        return (await queue.peekMessages({ abortSignal: killed })).peekedMessageItems.length > 0;
      } catch (error) {
        if (isMissing(error)) {
          return false;
        }
        throw error;
      }
    },
  };
}

/** Fewer and quicker repetitions than the default: the emulator is near, and an end must not wait for them. */
const retryOptions = { maxTries: 3, retryDelayInMs: 100, maxRetryDelayInMs: 1000 };

function openQueues(trigger: QueueTrigger): { queue: QueueClient; poisonQueue: QueueClient | undefined } {
  const service = QueueServiceClient.fromConnectionString(trigger.connectionString, { retryOptions });
  const poisonName = `${trigger.queueName}-poison`;
  const hasPoisonQueue = !trigger.queueName.endsWith('-poison') && poisonName.length <= 63;
  return {
    queue: service.getQueueClient(trigger.queueName),
    poisonQueue: hasPoisonQueue ? service.getQueueClient(poisonName) : undefined,
  };
}

function isMissing(error: unknown): boolean {
  return isRestError(error) && error.statusCode === 404;
}
