import { isRestError, type QueueClient } from '@azure/storage-queue';
import type { QueueSettings } from './host-settings.ts';
import { describeError } from './log.ts';
import { decodeMessage, type ReceivedMessage } from './queue-message.ts';
import { isLost, keepLease } from './queue-message-lease.ts';

/** What happens to messages between being received and being gone. */
export interface QueueMessageProcessorOptions {
  readonly queue: QueueClient;
  /** Undefined where the queue has none: its own name ends in `-poison`, or is too long for it. */
  readonly poisonQueue: QueueClient | undefined;
  readonly settings: QueueSettings;
  readonly leaseMs: number;
  /** Runs the function. @throws what the function threw. */
  readonly run: (message: ReceivedMessage, text: string) => Promise<unknown>;
  readonly log: (level: 'debug' | 'warning' | 'error', message: string) => void;
  /** When aborted, messages are left as they are: leased until their lease runs out. */
  readonly killed: AbortSignal;
}

/**
 * Takes a received message through its function: deleted after success; after a failure visible again later, or, when its
 * attempts are used up, moved to the poison queue. Never rejects.
 *
 * Source: Azure/azure-sdk-for-net, QueueProcessor.cs.
 */
export function createQueueMessageProcessor(
  options: QueueMessageProcessorOptions,
): (message: ReceivedMessage) => Promise<void> {
  const { queue, poisonQueue, settings, leaseMs, run, log, killed } = options;

  async function process(message: ReceivedMessage): Promise<void> {
    const text = decodeMessage(message.messageText, settings.messageEncoding);
    if (text === undefined) {
      log('warning', `Message decoding has failed! Check MessageEncoding settings. MessageId=${message.messageId}.`);
      await moveToPoisonQueue(message);
    } else if (message.dequeueCount > settings.maxDequeueCount) {
      await moveToPoisonQueue(message);
    } else {
      await attempt(message, text);
    }
  }

  async function attempt(message: ReceivedMessage, text: string): Promise<void> {
    const lease = keepLease(queue, message, leaseMs, killed);
    const succeeded = await run(message, text).then(
      () => true,
      () => false,
    );
    await lease.stopRenewing();
    if (killed.aborted) {
      return;
    }
    const held = { ...message, popReceipt: lease.popReceipt };
    if (succeeded) {
      await remove(held);
    } else if (message.dequeueCount >= settings.maxDequeueCount) {
      await moveToPoisonQueue(held);
    } else {
      await release(held);
    }
  }

  async function remove({ messageId, popReceipt }: ReceivedMessage): Promise<void> {
    try {
      await queue.deleteMessage(messageId, popReceipt, { abortSignal: killed });
    } catch (error) {
      if (!isLost(error)) {
        throw error;
      }
      log('debug', `Unable to delete queue message '${messageId}': it is gone, or somebody else has it.`);
    }
  }

  async function release({ messageId, popReceipt }: ReceivedMessage): Promise<void> {
    // Without a poison queue a failed message stays hidden until its lease ends: it would come back for ever, at once.
    if (poisonQueue === undefined) {
      return;
    }
    try {
      const seconds = Math.ceil(settings.visibilityTimeoutMs / 1000);
      await queue.updateMessage(messageId, popReceipt, undefined, seconds, { abortSignal: killed });
    } catch (error) {
      if (!isLost(error)) {
        throw error;
      }
    }
  }

  async function moveToPoisonQueue(message: ReceivedMessage): Promise<void> {
    if (poisonQueue === undefined) {
      return;
    }
    log(
      'warning',
      `Message has reached MaxDequeueCount of ${settings.maxDequeueCount}. Moving message to queue '${poisonQueue.name}'.`,
    );
    await sendToNewQueue(poisonQueue, message.messageText, killed);
    await remove(message);
  }

  return async (message) => {
    try {
      await process(message);
    } catch (error) {
      if (!killed.aborted) {
        log('error', `Queue message '${message.messageId}' of '${queue.name}': ${describeError(error)}`);
      }
    }
  };
}

async function sendToNewQueue(queue: QueueClient, messageText: string, killed: AbortSignal): Promise<void> {
  try {
    await queue.sendMessage(messageText, { abortSignal: killed });
  } catch (error) {
    if (!isRestError(error) || error.statusCode !== 404) {
      throw error;
    }
    await queue.create({ abortSignal: killed });
    await queue.sendMessage(messageText, { abortSignal: killed });
  }
}
