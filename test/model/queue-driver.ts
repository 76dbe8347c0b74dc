import { type DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import { contentQueueName } from '../../shared/storage/storage.ts';
import type { Instance, Invocation } from './instance.ts';

/**
 * Delivers queue messages as the host does, but when and as often as the model says: a message is hidden for ten minutes, gone
 * once its function has returned, back after a minute when it threw, and in the poison queue after the fifth time.
 */
export interface QueueDriver {
  /** Messages that can be received now. */
  receive(limit: number): Promise<DequeuedMessageItem[]>;
  /** Begins to work on a message. `forgetful`: its deletion afterwards is lost. */
  deliver(instance: Instance, message: DequeuedMessageItem, forgetful: boolean): Promise<void>;
  /** Does what is to be done with the messages whose functions have ended. */
  finish(): Promise<void>;
  /** The message is gone and nobody has worked on it. */
  lose(message: DequeuedMessageItem): Promise<void>;
  /** It stands in the queue a second time, and is visible again. */
  double(message: DequeuedMessageItem): Promise<void>;
  /** Works off the queue of what the host has given up on. */
  reopenPoisoned(instance: Instance): Promise<number>;
  /** Messages of both queues, hidden ones included. */
  count(): Promise<number>;
  clear(): Promise<void>;
}

interface InWork {
  readonly message: DequeuedMessageItem;
  readonly invocation: Invocation;
  readonly forgetful: boolean;
}

const leaseSeconds = 600;
const retrySeconds = 60;
const maxDequeueCount = 5;

/** A driver on the account itself, past every proxy. */
export async function createQueueDriver(connectionString: string): Promise<QueueDriver> {
  const queue = new QueueClient(connectionString, contentQueueName);
  const poison = new QueueClient(connectionString, `${contentQueueName}-poison`);
  await Promise.all([queue.createIfNotExists(), poison.createIfNotExists()]);
  let inWork: InWork[] = [];

  async function giveUp(message: DequeuedMessageItem): Promise<void> {
    await poison.sendMessage(message.messageText);
    await remove(message);
  }

  /** Whoever has lost a message in the meantime, by time or to another, has lost it. */
  async function remove({ messageId, popReceipt }: DequeuedMessageItem): Promise<void> {
    await queue.deleteMessage(messageId, popReceipt).catch(ignoreLost);
  }

  async function settle({ message, invocation, forgetful }: InWork): Promise<void> {
    if (forgetful) return;
    if (invocation.state === 'returned') await remove(message);
    else if (message.dequeueCount >= maxDequeueCount) await giveUp(message);
    else await queue.updateMessage(message.messageId, message.popReceipt, undefined, retrySeconds).catch(ignoreLost);
  }

  return {
    async receive(limit) {
      if (limit < 1) return [];
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: limit,
        visibilityTimeout: leaseSeconds,
      });
      return receivedMessageItems;
    },
    async deliver(instance, message, forgetful) {
      const { messageId, messageText, dequeueCount } = message;
      if (dequeueCount > maxDequeueCount) {
        await giveUp(message);
        return;
      }
      const { contentId }: { contentId: string } = JSON.parse(messageText);
      inWork.push({
        message,
        forgetful,
        invocation: instance.forward(contentId, messageText, messageId, dequeueCount),
      });
    },
    async finish() {
      const ended = inWork.filter(({ invocation }) => invocation.state !== 'running');
      inWork = inWork.filter(({ invocation }) => invocation.state === 'running');
      for (const each of ended) await settle(each);
    },
    lose: remove,
    async double(message) {
      await queue.sendMessage(message.messageText, { messageTimeToLive: 1200 });
      await queue.updateMessage(message.messageId, message.popReceipt, undefined, 0).catch(ignoreLost);
    },
    async reopenPoisoned(instance) {
      const { receivedMessageItems: messages } = await poison.receiveMessages({ numberOfMessages: 32 });
      for (const { messageId, messageText, popReceipt } of messages) {
        if (await instance.reopenPoisoned(messageText).ended) await poison.deleteMessage(messageId, popReceipt);
      }
      return messages.length;
    },
    async count() {
      const counts = await Promise.all([queue, poison].map((each) => each.getProperties()));
      return counts.reduce((sum, { approximateMessagesCount = 0 }) => sum + approximateMessagesCount, 0);
    },
    async clear() {
      inWork = [];
      await Promise.all([queue.clearMessages(), poison.clearMessages()]);
    },
  };
}

function ignoreLost(error: unknown): void {
  if (error instanceof Error && 'statusCode' in error && (error.statusCode === 404 || error.statusCode === 400)) return;
  throw error;
}
