import { startAzurite } from '../../host/azurite.ts';
import { createOperationCounts } from '../operation-counts.ts';
import { stagedQueueName } from '../staged-queue.ts';
import { serve } from './commands.ts';

/** The emulated storage account, in a process of its own, with its operations counted. */
const counts = createOperationCounts(stagedQueueName);
const azurite = await startAzurite({ onRequest: counts.see });

const commands = {
  connectionString: () => azurite.connectionString,
  reset: counts.reset,
  /** What has been asked since the last reset. */
  counts: counts.read,
};

/** What the storage process can be told to do. */
export type StorageCommands = typeof commands;

serve(commands);
