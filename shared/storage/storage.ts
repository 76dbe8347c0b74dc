import { RestError, TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import type { StorageSettings } from '../settings/settings.ts';

/** Where the product keeps its state: the ledger's table and the queue of contents to forward. */
export interface Storage {
  readonly table: TableClient;
  readonly queue: QueueClient;
  /** Creates table and queue where they are missing; once a process. */
  ensure(): Promise<void>;
}

/** How a request to storage is repeated that met a fault of the service or whose answer was lost. */
export interface StorageRetries {
  /** How often beyond the first time. */
  readonly times: number;
  /** Wait before the first repetition in milliseconds; it doubles from one to the next. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** The SDKs' own waits, up to 12 s for a queue, would hold up a listing run for longer than a storage fault usually lasts. */
const usualRetries: StorageRetries = { times: 4, firstDelayMs: 500, longestDelayMs: 8_000 };

/** A request to storage that has no answer by then is tried again. */
const answerTimeoutMs = 20_000;

/** The queue that carries contents to forward; host.json's numbers apply to it. */
export const contentQueueName = 'm365-audit-contents';
const tableName = 'm365auditledger';

/** Clients of the storage account; they connect, and ask for a token, only when first used. */
export async function createStorage(
  settings: StorageSettings,
  retries: StorageRetries = usualRetries,
): Promise<Storage> {
  const { table, queue } = await createClients(settings, retries);
  limitAnswers(table);
  let ensured: Promise<void> | undefined;

  async function create(): Promise<void> {
    await Promise.all([table.createTable(), queue.createIfNotExists()]);
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

async function createClients(
  settings: StorageSettings,
  { times, firstDelayMs, longestDelayMs }: StorageRetries,
): Promise<Pick<Storage, 'table' | 'queue'>> {
  const waits = { retryDelayInMs: firstDelayMs, maxRetryDelayInMs: longestDelayMs };
  const tableOptions = { retryOptions: { maxRetries: times, ...waits } };
  const queueOptions = { retryOptions: { maxTries: times + 1, tryTimeoutInMs: answerTimeoutMs, ...waits } };
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
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const credential = settings.clientId
    ? new ManagedIdentityCredential({ clientId: settings.clientId })
    : new ManagedIdentityCredential();
  return {
    table: new TableClient(settings.tableServiceUri, tableName, credential, tableOptions),
    queue: new QueueClient(
      `${settings.queueServiceUri.replace(/\/$/, '')}/${contentQueueName}`,
      credential,
      queueOptions,
    ),
  };
}

/** The table SDK waits for an answer for ever; a connection that went dead would hold an execution until the host ends it. */
function limitAnswers(table: TableClient): void {
  table.pipeline.addPolicy(
    {
      name: 'answerTimeout',
      async sendRequest(request, next) {
        request.timeout = answerTimeoutMs;
        const ours = request.abortSignal;
        try {
          return await next(request);
        } catch (error) {
          if (ours?.aborted || !(error instanceof Error) || error.name !== 'AbortError') throw error;
          throw new RestError('Storage did not answer in time', { code: 'ETIMEDOUT', request });
        }
      },
    },
    { afterPhase: 'Retry' },
  );
}

/** Plain http is for the emulator on this machine alone. */
function isLocal(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|TableEndpoint=http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/i.test(
    connectionString,
  );
}
