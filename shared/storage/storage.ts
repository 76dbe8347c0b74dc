import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import { managedIdentity } from '../identity/managed-identity.ts';
import type { StorageSettings } from '../settings/settings.ts';
import { limitAnswers } from './answer-limit.ts';

/** Where the product keeps its state: the ledger's table and the queue of contents to forward. */
export interface Storage {
  readonly table: TableClient;
  readonly queue: QueueClient;
  /** Creates table and queue where they are missing; once a process. */
  ensure(): Promise<void>;
}

/** How long an answer of storage is waited for, and how a request is repeated that met a fault or whose answer was lost. */
export interface StoragePatience {
  /** Of each try, in milliseconds. */
  readonly answerTimeoutMs: number;
  /** How often a request is repeated, beyond the first time. */
  readonly retries: number;
  /** Wait before the first repetition in milliseconds; it doubles from one to the next. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** The SDKs' own waits, up to 12 s for a queue, would hold up a listing run for longer than a storage fault usually lasts. */
const usualPatience: StoragePatience = {
  answerTimeoutMs: 20_000,
  retries: 4,
  firstDelayMs: 500,
  longestDelayMs: 8_000,
};

/** What creating the queue may take, repetitions included. */
const createLimitMs = 60_000;

/** The queue that carries contents to forward; host.json's numbers apply to it. */
export const contentQueueName = 'm365-audit-contents';
const tableName = 'm365auditledger';

/** Clients of the storage account; they connect, and ask for a token, only when first used. */
export function createStorage(settings: StorageSettings, patience: StoragePatience = usualPatience): Storage {
  const { table, queue } = createClients(settings, patience);
  limitAnswers(table, patience.answerTimeoutMs);
  let ensured: Promise<void> | undefined;

  async function create(): Promise<void> {
    await Promise.all([
      table.createTable(),
      queue.createIfNotExists({ abortSignal: AbortSignal.timeout(createLimitMs) }),
    ]);
  }

  return {
    table,
    queue,
    ensure() {
      ensured ??= create().catch((error: unknown) => {
        ensured = undefined;
        throw error;
      });
      return ensured;
    },
  };
}

function createClients(
  settings: StorageSettings,
  { answerTimeoutMs, retries, firstDelayMs, longestDelayMs }: StoragePatience,
): Pick<Storage, 'table' | 'queue'> {
  const waits = { retryDelayInMs: firstDelayMs, maxRetryDelayInMs: longestDelayMs };
  const tableOptions = { retryOptions: { maxRetries: retries, ...waits } };
  const queueOptions = { retryOptions: { maxTries: retries + 1, tryTimeoutInMs: answerTimeoutMs, ...waits } };
  if (settings.kind === 'connection-string') {
    const connectionString = settings.connectionString.reveal();
    const allowInsecureConnection = isLocal(connectionString);
    return {
      table: TableClient.fromConnectionString(connectionString, tableName, {
        ...tableOptions,
        allowInsecureConnection,
      }),
      queue: new QueueClient(connectionString, contentQueueName, queueOptions),
    };
  }
  const credential = managedIdentity(settings.clientId);
  return {
    table: new TableClient(settings.tableServiceUri, tableName, credential, tableOptions),
    queue: new QueueClient(
      `${settings.queueServiceUri.replace(/\/$/, '')}/${contentQueueName}`,
      credential,
      queueOptions,
    ),
  };
}

/** Plain http is for the emulator on this machine alone. */
function isLocal(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|TableEndpoint=http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/i.test(
    connectionString,
  );
}
