import { join } from 'node:path';
import { startChild } from './processes/child.ts';
import type { Published } from './processes/services.ts';
import type { StorageCommands } from './processes/storage.ts';
import { createRemoteHost } from './remote-host.ts';
import { createStagedQueue, stagedQueueName } from './staged-queue.ts';
import type { Variant } from './variant.ts';
import type { CollectorCommands } from './variants/collector.ts';

/** What the collector is started with. */
export interface CollectorOptions {
  readonly name: string;
  /** Directory of the built app. */
  readonly app: string;
  /** Settings, storage apart. */
  readonly environment: Readonly<Record<string, string>>;
  /** Forwards a first content, after which the process is idle. */
  readonly warmUp: Published;
}

const limitMs = 600_000;
const storageScript = join(import.meta.dirname, 'processes', 'storage.ts');
const collectorScript = join(import.meta.dirname, 'variants', 'collector.ts');

/** Starts a built app in a worker process, with a storage account of its own; this process is its host. */
export async function startCollector({ name, app, environment, warmUp }: CollectorOptions): Promise<Variant> {
  const storage = await startChild<StorageCommands>(storageScript);
  const connectionString = await storage.call('connectionString');
  const settings = { ...environment, AzureWebJobsStorage: connectionString };
  const worker = await startChild<CollectorCommands>(collectorScript, { args: [app], environment: settings });
  const host = await createRemoteHost(worker, app, settings, stagedQueueName);
  const staged = await createStagedQueue(connectionString, host.contentQueueName);
  const list = () => staged.moveDuring(host.list());

  async function counted<T>(work: () => Promise<T>) {
    await storage.call('reset');
    const result = await work();
    return { result, counts: await storage.call('counts') };
  }

  async function measured(work: () => Promise<void>, profileFile?: string) {
    await worker.call('begin', profileFile);
    const began = performance.now();
    await work();
    const wallSeconds = (performance.now() - began) / 1000;
    return { ...(await worker.call('end')), wallSeconds };
  }

  await list();
  await host.forward(warmUp.uris.length, limitMs);
  await host.rest();
  const idleRssBytes = await worker.call('idle');
  return {
    name,
    kind: 'collector',
    idleRssBytes,
    reports: worker.reports,
    async round({ uris }, profileFile) {
      const listing = await counted(() => measured(list));
      const forwarding = await counted(async () => {
        const result = await measured(() => host.forward(uris.length, limitMs), profileFile);
        await host.rest();
        return result;
      });
      return {
        cpuSeconds: listing.result.cpuSeconds + forwarding.result.cpuSeconds,
        listCpuSeconds: listing.result.cpuSeconds,
        wallSeconds: forwarding.result.wallSeconds,
        peakRssBytes: Math.max(listing.result.peakRssBytes, forwarding.result.peakRssBytes),
        storage: { list: listing.counts, forward: forwarding.counts },
      };
    },
    async stop() {
      host.stop();
      await Promise.all([worker.stop(), storage.stop()]);
    },
  };
}
