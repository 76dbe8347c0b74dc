import tls from 'node:tls';
import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import { onTestFinished } from 'vitest';
import { type Collector, createCollector } from '../../shared/collector.ts';
import type { Check, CheckName, Examination } from '../../shared/doctor/check.ts';
import { createRealWorld } from '../../shared/real-world.ts';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { startAzurite } from '../host/azurite.ts';
import type { CredentialKind } from '../simulator/credentials.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.ts';

/** A simulated world, with storage, whose collector can be examined. */
export interface ExaminedWorld {
  readonly simulator: Simulator;
  readonly connectionString: string;
  /** The settings of the collector, less the changes of one examination. */
  readonly environment: Readonly<Record<string, string>>;
  collector(changes?: Changes): Collector;
  examine(changes?: Changes, tenant?: string): Promise<Examination>;
  /** Everything in tables and queues, to see that nothing changes. */
  storage(): Promise<{ readonly rows: readonly unknown[]; readonly messages: readonly string[] }>;
}

/** Settings over those of the world; undefined takes one away. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** Starts a world that ends with the test. */
export async function createExaminedWorld(
  options: SimulatorOptions & { readonly credential?: CredentialKind } = {},
): Promise<ExaminedWorld> {
  const { credential = 'secret', tenants = 1 } = options;
  const simulator = await createSimulator(options);
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, simulator.caCertificate]);
  const { connectionString, stop } = await startAzurite();
  onTestFinished(async () => {
    await simulator.close();
    await stop();
    tls.setDefaultCACertificates(trusted);
  });
  const own = tenants === 1 ? await simulator.environmentWith(credential) : simulator.environmentOfAll();
  const environment = { ...own, CONTENT_TYPES: 'Audit.Exchange', AzureWebJobsStorage: connectionString };

  function collector(changes: Changes = {}): Collector {
    const world = {
      ...createRealWorld(() => undefined),
      storagePatience: { answerTimeoutMs: 5_000, retries: 1, firstDelayMs: 1, longestDelayMs: 1 },
    };
    const made = createCollector(readSettings({ ...environment, ...changes }), world);
    onTestFinished(() => made.stop());
    return made;
  }

  return {
    simulator,
    connectionString,
    environment,
    collector,
    examine: (changes, tenant) => collector(changes).examine({ tenant }, AbortSignal.timeout(60_000)),
    storage: () => readStorage(connectionString),
  };
}

/** The checks of a name. */
export function found({ checks }: Examination, name: CheckName): Check[] {
  return checks.filter(({ check }) => check === name);
}

async function readStorage(connectionString: string) {
  const table = TableClient.fromConnectionString(connectionString, 'm365auditledger', {
    allowInsecureConnection: true,
  });
  const rows: unknown[] = [];
  for await (const row of table.listEntities()) rows.push(row);
  const queue = new QueueClient(connectionString, 'm365-audit-contents');
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
  return { rows, messages: peekedMessageItems.map(({ messageText }) => messageText) };
}
