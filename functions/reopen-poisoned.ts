import type { Functions } from './functions.ts';
import { withRun } from './run.ts';

/** The queue of messages that the host has given up on, after crashes: their contents are opened again. */
export function registerReopenPoisoned({ app, collector }: Functions): void {
  app.storageQueue('reopen-poisoned', {
    queueName: `${collector.contentQueueName}-poison`,
    connection: 'AzureWebJobsStorage',
    handler: (message, context) => withRun(context, (run) => collector.reopenPoisoned(message, run)),
  });
}
