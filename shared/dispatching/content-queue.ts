import type { QueueClient } from '@azure/storage-queue';

/** The queue of contents that can be forwarded now. */
export interface ContentQueue {
  /** How many messages are there, invisible ones included; the service counts approximately. */
  depth(): Promise<number>;
  /** Sends one message which vanishes after `timeToLiveMs` when nobody has worked on it. */
  send(text: string, timeToLiveMs: number): Promise<void>;
}

/** What one operation may take, its repetitions included: the SDK would wait for an answer for ever. */
const limitMs = 60_000;

export function createContentQueue(queue: QueueClient): ContentQueue {
  return {
    async depth() {
      const { approximateMessagesCount } = await queue.getProperties({ abortSignal: AbortSignal.timeout(limitMs) });
      return approximateMessagesCount ?? 0;
    },
    async send(text, timeToLiveMs) {
      await queue.sendMessage(text, {
        messageTimeToLive: Math.ceil(timeToLiveMs / 1000),
        abortSignal: AbortSignal.timeout(limitMs),
      });
    },
  };
}
