import { isRestError, type QueueClient } from '@azure/storage-queue';
import type { ReceivedMessage } from './queue-message.ts';

/** The hold on a received message: other receivers do not see it, and only the holder can delete it. */
export interface MessageLease {
  /** The receipt of the last renewal. */
  readonly popReceipt: string;
  /** Ends the renewing; resolves when no renewal is under way any more. */
  stopRenewing(): Promise<void>;
}

/**
 * Renews a message's lease at half of it for as long as its function runs.
 *
 * Source: Azure/azure-sdk-for-net, QueueListener.cs, UpdateQueueMessageVisibilityCommand.cs.
 * @param leaseMs a whole number of seconds: storage knows no parts.
 * @param killed ends the renewing as well; what is under way then is cut off.
 */
export function keepLease(
  queue: QueueClient,
  message: ReceivedMessage,
  leaseMs: number,
  killed: AbortSignal,
): MessageLease {
  let popReceipt = message.popReceipt;
  let timer: NodeJS.Timeout | undefined;
  let renewal: Promise<void> = Promise.resolve();
  let ended = false;

  async function renew(): Promise<void> {
    try {
      const updated = await queue.updateMessage(message.messageId, popReceipt, undefined, leaseMs / 1000, {
        abortSignal: killed,
      });
      popReceipt = updated.popReceipt ?? popReceipt;
      schedule(leaseMs / 2);
    } catch (error) {
      if (!isLost(error)) {
        schedule(leaseMs / 4);
      }
    }
  }

  function schedule(delayMs: number): void {
    if (!ended && !killed.aborted) {
      timer = setTimeout(() => {
        renewal = renew();
      }, delayMs);
    }
  }

  function end(): void {
    ended = true;
    clearTimeout(timer);
    killed.removeEventListener('abort', end);
  }

  killed.addEventListener('abort', end, { once: true });
  schedule(leaseMs / 2);
  return {
    get popReceipt() {
      return popReceipt;
    },
    async stopRenewing() {
      end();
      await renewal;
    },
  };
}

/** Whether a refusal means that the message is somebody else's now, or gone: 404, 409, or the pop receipt no longer matches. */
export function isLost(error: unknown): boolean {
  return (
    isRestError(error) && (error.statusCode === 404 || error.statusCode === 409 || error.code === 'PopReceiptMismatch')
  );
}
