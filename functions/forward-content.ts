import type { Functions } from './functions.ts';
import { withRun } from './run.ts';

/** The queue trigger that forwards one content. */
export function registerForwardContent({ app, collector }: Functions): void {
  app.storageQueue('forward-content', {
    queueName: collector.contentQueueName,
    connection: 'AzureWebJobsStorage',
    handler: async (message, context) => {
      const { id, dequeueCount } = context.triggerMetadata ?? {};
      const delivery = { messageId: String(id ?? context.invocationId), dequeueCount: Number(dequeueCount ?? 1) };
      await withRun(context, (run) => collector.forwardContent(message, delivery, run));
    },
  });
}
