import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import type { OperationCounts } from './operation-counts.ts';
import { type Child, startChild } from './processes/child.ts';
import type { Measured } from './processes/measuring.ts';
import type { StorageCommands } from './processes/storage.ts';
import { createRemoteHost, ownApp } from './remote-host.ts';
import type { Stage } from './scene.ts';
import type { BareStorageCommands } from './variants/bare-storage.ts';
import type { CollectorCommands } from './variants/collector.ts';

/** What it took to put so many contents into ledger and queue. */
export interface ListingRound extends Measured {
  /** Until the last row was there. */
  readonly ledgeredSeconds: number;
  /** Until the last message was there. */
  readonly enqueuedSeconds: number;
  readonly counts: OperationCounts;
}

/** One round of the collector and of bare storage requests at the same account. */
export interface ListingPair {
  readonly collector: ListingRound;
  readonly bare: ListingRound;
}

const warmUpContents = 200;
const emptyEveryMs = 250;

/** Lists, ledgers and enqueues so many contents; a queue that is emptied at once stands for workers that are quick enough. */
export async function benchListing(contents: number, rounds: number, stage: Stage): Promise<ListingPair[]> {
  const pairs: ListingPair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = () => listBare(contents);
    const collector = () => listByCollector(contents, stage);
    const [first, second] = round % 2 === 0 ? [collector, bare] : [bare, collector];
    const one = await first();
    const other = await second();
    pairs.push(first === collector ? { collector: one, bare: other } : { collector: other, bare: one });
  }
  return pairs;
}

async function listByCollector(contents: number, { services, environment, problem }: Stage): Promise<ListingRound> {
  await services.call('latency', 0, 0);
  await services.call('publish', warmUpContents, 1, false);
  const storage = await startChild<StorageCommands>(storageScript);
  const connectionString = await storage.call('connectionString');
  const settings = { ...environment, AzureWebJobsStorage: connectionString };
  const worker = await startChild<CollectorCommands>(script('collector'), { args: [ownApp], environment: settings });
  const host = await createRemoteHost(worker, ownApp, settings);
  const emptying = keepEmpty(new QueueClient(connectionString, host.contentQueueName));
  try {
    await host.list();
    await services.call('publish', contents, 1, false);
    const seen = await measure(storage, worker, host.list);
    if (seen.counts.sends !== contents) {
      problem([`${seen.counts.sends} of ${contents} contents were enqueued`, ...worker.reports].join('\n  '));
    }
    return seen;
  } finally {
    await emptying.stop();
    host.stop();
    await Promise.all([worker.stop(), storage.stop()]);
  }
}

async function listBare(contents: number): Promise<ListingRound> {
  const storage = await startChild<StorageCommands>(storageScript);
  const connectionString = await storage.call('connectionString');
  const worker = await startChild<BareStorageCommands>(script('bare-storage'));
  const emptying = keepEmpty(new QueueClient(connectionString, 'bare-2'));
  try {
    await worker.call('run', connectionString, warmUpContents);
    return await measure(storage, worker, () => worker.call('run', connectionString, contents));
  } finally {
    await emptying.stop();
    await Promise.all([worker.stop(), storage.stop()]);
  }
}

async function measure(
  storage: Child<StorageCommands>,
  worker: Pick<Child<BareStorageCommands>, 'call'>,
  work: () => Promise<void>,
): Promise<ListingRound> {
  await storage.call('reset');
  await worker.call('begin');
  const began = Date.now();
  await work();
  const measured = await worker.call('end');
  const counts = await storage.call('counts');
  return {
    ...measured,
    counts,
    ledgeredSeconds: (counts.lastCreate - began) / 1000,
    enqueuedSeconds: (counts.lastSend - began) / 1000,
  };
}

/** Empties the queue again and again until it is stopped. */
function keepEmpty(queue: QueueClient): { stop(): Promise<void> } {
  let stopped = false;
  const ended = (async () => {
    while (!stopped) {
      // There is no queue at first, and a failure is made up for by the next turn: emptying only keeps the emulator fast.
      await queue.clearMessages().catch(() => undefined);
      await sleep(emptyEveryMs);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await ended;
    },
  };
}

const storageScript = join(import.meta.dirname, 'processes', 'storage.ts');

function script(variant: string): string {
  return join(import.meta.dirname, 'variants', `${variant}.ts`);
}
