import {
  Agent,
  createServer,
  type IncomingMessage,
  request as open,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Boundaries, Service, Verdict } from './boundaries.ts';

/** Stands between one process and its storage account, so that each request has two boundaries. */
export interface StorageProxy {
  /** The account's, through the proxy. */
  readonly connectionString: string;
  /** Requests that storage is working on. */
  readonly atWork: number;
  /** Ends its connections; whoever waits for an answer gets none. */
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

const upstream = new Agent({ keepAlive: true, maxSockets: 64 });
/** An open connection that ends while the client takes it for good would be a fault that nobody has asked for. */
const keepAliveMs = 600_000;

/** A proxy in front of the account's tables and queues. */
export async function startStorageProxy(account: string, boundaries: Boundaries): Promise<StorageProxy> {
  let atWork = 0;
  const servers: Server[] = [];

  async function serve(service: Service, port: number, request: IncomingMessage, response: ServerResponse) {
    const body = await readAll(request);
    const before = await boundaries.cross({ service, applied: false });
    if (before !== 'pass') return refuse(before, service, request, response);
    atWork += 1;
    const reply = await forward(port, request, body).finally(() => {
      atWork -= 1;
    });
    const after = await boundaries.cross({ service, applied: true });
    if (after !== 'pass') return refuse(after, service, request, response);
    response.writeHead(reply.status, [...reply.headers]);
    response.end(reply.body);
  }

  async function startFor(service: Service, endpoint: string): Promise<string> {
    const url = new URL(endpoint);
    const port = Number(url.port);
    const server = createServer((request, response) => {
      serve(service, port, request, response).catch(() => request.socket.destroy());
    });
    server.keepAliveTimeout = keepAliveMs;
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url.port = String((server.address() as AddressInfo).port);
    return url.href;
  }

  const parts = new Map(account.split(';').flatMap((part) => (part === '' ? [] : [splitOnce(part)])));
  for (const [name, service] of [
    ['TableEndpoint', 'table'],
    ['QueueEndpoint', 'queue'],
  ] as const)
    parts.set(name, await startFor(service, parts.get(name) ?? ''));

  return {
    connectionString: [...parts].map(([name, value]) => `${name}=${value}`).join(';'),
    get atWork() {
      return atWork;
    },
    async close() {
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

function forward(
  port: number,
  { method = 'GET', url = '/', rawHeaders }: IncomingMessage,
  body: Buffer,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = open(
      { host: '127.0.0.1', port, method, path: url, headers: rawHeaders, agent: upstream },
      (answer) => {
        readAll(answer).then(
          (read) => resolve({ status: answer.statusCode ?? 500, headers: answer.rawHeaders, body: read }),
          reject,
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

function refuse(
  verdict: Exclude<Verdict, 'pass'>,
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (verdict === 'silence') return;
  if (verdict === 'reset') {
    request.socket.destroy();
    return;
  }
  const [status, code] = verdict === 'fail' ? [500, 'InternalError'] : [503, 'ServerBusy'];
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Simulated.</Message></Error>`;
  const json = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: 'Simulated.' } } });
  response.writeHead(status, {
    'Content-Type': service === 'queue' ? 'application/xml' : 'application/json',
    'x-ms-error-code': code,
  });
  response.end(service === 'queue' ? xml : json);
}

function splitOnce(part: string): readonly [string, string] {
  const mark = part.indexOf('=');
  return [part.slice(0, mark), part.slice(mark + 1)];
}
