import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import type { StorageSettings } from '../settings/settings.ts';

/** Where the product keeps its state: the ledger's table and the queue of contents to forward. */
export interface Storage {
  readonly table: TableClient;
  readonly queue: QueueClient;
  /** Creates table and queue where they are missing; once a process. */
  ensure(): Promise<void>;
}

/** The queue that carries contents to forward; host.json's numbers apply to it. */
export const contentQueueName = 'm365-audit-contents';
const tableName = 'm365auditledger';

/** Clients of the storage account; they connect, and ask for a token, only when first used. */
export async function createStorage(settings: StorageSettings): Promise<Storage> {
  const { table, queue } = await createClients(settings);
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

async function createClients(settings: StorageSettings): Promise<Pick<Storage, 'table' | 'queue'>> {
  if (settings.kind === 'connection-string') {
    const connectionString = settings.connectionString.reveal();
    const allowInsecureConnection = isLocal(connectionString);
    return {
      table: TableClient.fromConnectionString(connectionString, tableName, { allowInsecureConnection }),
      queue: new QueueClient(connectionString, contentQueueName),
    };
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const credential = settings.clientId
    ? new ManagedIdentityCredential({ clientId: settings.clientId })
    : new ManagedIdentityCredential();
  return {
    table: new TableClient(settings.tableServiceUri, tableName, credential),
    queue: new QueueClient(`${settings.queueServiceUri.replace(/\/$/, '')}/${contentQueueName}`, credential),
  };
}

/** Plain http is for the emulator on this machine alone. */
function isLocal(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|TableEndpoint=http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/i.test(
    connectionString,
  );
}
