import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import Module, { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A storage account of its own, on loopback ports, in this process and its memory. */
export interface Azurite {
  /** For queues, tables and blobs; works from other processes too. */
  readonly connectionString: string;
  /** With the account's name, without a slash at the end. */
  readonly queueUrl: string;
  readonly tableUrl: string;
  /** Ends the servers and cuts their connections; what they held is gone. */
  stop(): Promise<void>;
}

/** How the emulator keeps what it is given. */
export interface AzuriteOptions {
  /** In memory is the only way here: tests leave no files. */
  readonly inMemory?: true;
  /** Sees each request to queues and tables before it is worked on, and must leave its body unread. */
  readonly onRequest?: (service: 'queue' | 'table', request: IncomingMessage) => void;
}

interface AzuriteServer {
  start(): Promise<void>;
  close(): Promise<void>;
  readonly httpServer: Server;
}

interface QueueServer extends AzuriteServer {
  readonly metadataStore: { readonly db: { getCollection(name: string): LokiCollection } };
}

interface LokiCollection {
  removeBatch(documents: readonly unknown[]): void;
}

type Constructor<T> = new (...options: readonly unknown[]) => T;

const host = '127.0.0.1';
const anyPort = 0;
/** Longer than any test pauses: a connection that the server closes while a request is on its way is an error. */
const keepAliveSeconds = 600;
const maxBytes = 1024 ** 3;

/**
 * Starts Azurite in this process; takes about a second the first time. It goes by the process's Date: a test that fakes Date
 * moves visibility, time to live and due times.
 *
 * These are Azurite's own modules rather than its documented entry points, hence its exact version in package.json.
 */
export async function startAzurite({ onRequest }: AzuriteOptions = {}): Promise<Azurite> {
  const modules = loadModules();
  modules.Telemetry.AzuriteTelemetryClient.init('', false);
  // loose, skipApiVersionCheck, certificate, key, password, OAuth, disableProductStyleUrl, in memory
  const common = [false, true, '', '', '', undefined, false, true] as const;
  const withExtents = () => [
    ...[host, anyPort, keepAliveSeconds, noFile(), noFile(), []],
    ...[false, undefined, false, undefined], // access log, debug log
    ...common,
    new modules.MemoryExtentStore.MemoryExtentChunkStore(maxBytes),
  ];
  const queue = new modules.QueueServer.default(new modules.QueueConfiguration.default(...withExtents()));
  const blob = new modules.BlobServer.default(new modules.BlobConfiguration.default(...withExtents()));
  const table = new modules.TableServer.default(
    new modules.TableConfiguration.default(
      ...[host, anyPort, keepAliveSeconds, noFile()],
      ...[false, false, undefined, undefined], // debug log, access log
      ...common,
    ),
  );
  const servers = [queue, table, blob];
  await Promise.all(servers.map((server) => server.start()));
  if (onRequest) {
    queue.httpServer.prependListener('request', (request) => onRequest('queue', request));
    table.httpServer.prependListener('request', (request) => onRequest('table', request));
  }
  spareEmptyRemovals(queue.metadataStore.db.getCollection('$MESSAGES_COLLECTION$'));

  const { EMULATOR_ACCOUNT_NAME: account, EMULATOR_ACCOUNT_KEY: key } = modules.constants;
  const url = (server: AzuriteServer) =>
    `http://${host}:${(server.httpServer.address() as AddressInfo).port}/${account}`;
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${key.toString('base64')}`,
      `BlobEndpoint=${url(blob)}`,
      `QueueEndpoint=${url(queue)}`,
      `TableEndpoint=${url(table)}`,
      '',
    ].join(';'),
    queueUrl: url(queue),
    tableUrl: url(table),
    async stop() {
      await Promise.all(servers.map(stopServer));
    },
  };
}

/**
 * Each queue operation first removes what has expired, and removing nothing still sorts all messages anew, several times over:
 * with 2,000 messages in the queue that is most of the work.
 */
function spareEmptyRemovals(messages: LokiCollection): void {
  const removeBatch = messages.removeBatch.bind(messages);
  messages.removeBatch = (documents) => {
    if (documents.length > 0) {
      removeBatch(documents);
    }
  };
}

/** No file is written, but one that exists under this name would be read. */
function noFile(): string {
  return join(tmpdir(), `azurite-${randomUUID()}`);
}

async function stopServer(server: AzuriteServer): Promise<void> {
  const closed = once(server.httpServer, 'close');
  await server.close();
  server.httpServer.closeAllConnections();
  await closed;
}

/** Azurite's modules without its telemetry: that library takes longer to load than all the rest, and must never send anything. */
function loadModules() {
  const original = Module.prototype.require;
  Module.prototype.require = new Proxy(original, {
    apply: (target, module, args: [string]) =>
      args[0] === 'applicationinsights' ? {} : Reflect.apply(target, module, args),
  });
  try {
    return requireModules(createRequire(import.meta.url));
  } finally {
    Module.prototype.require = original;
  }
}

function requireModules(load: NodeJS.Require) {
  const from = 'azurite/dist/src';
  return {
    QueueConfiguration: load(`${from}/queue/QueueConfiguration`) as { readonly default: Constructor<object> },
    QueueServer: load(`${from}/queue/QueueServer`) as { readonly default: Constructor<QueueServer> },
    TableConfiguration: load(`${from}/table/TableConfiguration`) as { readonly default: Constructor<object> },
    TableServer: load(`${from}/table/TableServer`) as { readonly default: Constructor<AzuriteServer> },
    BlobConfiguration: load(`${from}/blob/BlobConfiguration`) as { readonly default: Constructor<object> },
    BlobServer: load(`${from}/blob/BlobServer`) as { readonly default: Constructor<AzuriteServer> },
    MemoryExtentStore: load(`${from}/common/persistence/MemoryExtentStore`) as {
      readonly MemoryExtentChunkStore: Constructor<object>;
    },
    Telemetry: load(`${from}/common/Telemetry`) as {
      readonly AzuriteTelemetryClient: { init(location: string, enabled: boolean): void };
    },
    constants: load(`${from}/common/utils/constants`) as {
      readonly EMULATOR_ACCOUNT_NAME: string;
      readonly EMULATOR_ACCOUNT_KEY: Buffer;
    },
  };
}
