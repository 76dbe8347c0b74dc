import { setTimeout as sleep } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';

/** The queue that messages are moved to; nothing done to it is counted. */
export const stagedQueueName = 'staged-contents';

/** A second queue, so that listing and forwarding can be measured one after the other. */
export interface StagedQueue {
  /**
   * Moves messages over until the work has ended and none is left. To dispatch it looks as if the queue were worked off, so
   * however little it lets wait there, everything is dispatched.
   */
  moveDuring<T>(work: Promise<T>): Promise<T>;
}

const emptyMs = 50;

/** Creates the queue beside the one that dispatch sends to. */
export async function createStagedQueue(connectionString: string, contentQueueName: string): Promise<StagedQueue> {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const from = service.getQueueClient(contentQueueName);
  const to = service.getQueueClient(stagedQueueName);
  await Promise.all([from.createIfNotExists(), to.create()]);

  async function moveSome(): Promise<number> {
    const { receivedMessageItems: messages } = await from.receiveMessages({ numberOfMessages: 32 });
    await Promise.all(
      messages.map(async ({ messageId, messageText, popReceipt }) => {
        await to.sendMessage(messageText);
        await from.deleteMessage(messageId, popReceipt);
      }),
    );
    return messages.length;
  }

  return {
    async moveDuring(work) {
      let ended = false;
      const end = (): void => {
        ended = true;
      };
      work.then(end, end);
      for (;;) {
        const last = ended;
        const moved = await moveSome();
        if (moved === 0 && last) return await work;
        if (moved === 0) await sleep(emptyMs);
      }
    },
  };
}
