import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpData, TypedData } from './core-types.ts';
import type { FunctionRunner } from './function-runner.ts';
import { parseRoute, type RouteParameters } from './http-route.ts';
import type { HttpTrigger } from './triggers.ts';

/** Serves an app's HTTP functions on the loopback interface. */
export interface HttpListener {
  /** Such as `http://127.0.0.1:40123`; routes follow the prefix of host.json. */
  readonly url: string;
  readonly port: number;
  /** Opens functions of level `function`, in the header `x-functions-key` or the query's `code`. */
  readonly functionKey: string;
  /** Opens those of level `admin` as well. */
  readonly masterKey: string;
  /** Takes no new requests; resolves when those under way are answered. */
  stop(): Promise<void>;
  /** Cuts every connection. */
  kill(): void;
}

/** What a listener works with. */
export interface HttpListenerOptions {
  readonly functions: readonly { readonly name: string; readonly trigger: HttpTrigger }[];
  readonly routePrefix: string;
  readonly runner: FunctionRunner;
  /** Default 0: any that is free. */
  readonly port?: number;
}

/** Largest request body in bytes. Source: Microsoft Learn, "Azure Functions HTTP trigger", limits. */
const maxRequestBytes = 100 * 1024 * 1024;

/** Starts serving. Keys are new each time. */
export async function startHttpListener(options: HttpListenerOptions): Promise<HttpListener> {
  const functionKey = randomBytes(32).toString('base64url');
  const masterKey = randomBytes(32).toString('base64url');
  const keys = { anonymous: undefined, function: [functionKey, masterKey], admin: [masterKey] };
  const routes = options.functions.map(({ name, trigger }) => ({
    name,
    trigger,
    match: parseRoute(options.routePrefix, trigger.route),
  }));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    for (const { name, trigger, match } of routes) {
      const parameters = match(url.pathname);
      if (parameters === undefined || (trigger.methods.length > 0 && !trigger.methods.includes(method))) {
        continue;
      }
      const given = request.headers['x-functions-key'] ?? url.searchParams.get('code');
      const accepted = keys[trigger.authLevel];
      if (accepted !== undefined && !accepted.some((key) => isSame(key, given))) {
        return end(response, 401);
      }
      const body = await readBody(request);
      if (body === undefined) {
        return end(response, 413);
      }
      const http = requestData(request, url, parameters, body);
      const { response: result } = await options.runner.run(name, {
        bindingName: trigger.bindingName,
        data: { http },
        metadata: {},
        reason: 'This function was programmatically called via the host APIs.',
      });
      return sendResult(response, result.returnValue);
    }
    end(response, 404);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => end(response, 500));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    functionKey,
    masterKey,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
    kill() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxRequestBytes) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The request as the host hands it to a worker that takes no streams. */
function requestData(request: IncomingMessage, url: URL, parameters: RouteParameters, body: Buffer): HttpData {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const query = [...new Set(url.searchParams.keys())].map(
    (name) => [name, url.searchParams.getAll(name).join(',')] as const,
  );
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable(query),
    nullableParams: nullable(Object.entries(parameters)),
    ...(body.length > 0 ? { body: { bytes: body } } : {}),
  };
}

function nullable(entries: readonly (readonly [string, string])[]): NonNullable<HttpData['nullableHeaders']> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

function sendResult(response: ServerResponse, returned: TypedData | null | undefined): void {
  const http = returned?.http;
  if (http === undefined) {
    end(response, 204);
    return;
  }
  if (http.cookies !== undefined && http.cookies.length > 0) {
    throw new Error('This host sends no cookies.');
  }
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    response.setHeader(name, value);
  }
  response.statusCode = Number(http.statusCode ?? 200);
  response.end(http.body?.bytes ?? http.body?.string);
}

function end(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
  } else {
    response.writeHead(status).end();
  }
}

function isSame(key: string, given: string | readonly string[] | null): boolean {
  if (typeof given !== 'string') {
    return false;
  }
  const [expected, actual] = [Buffer.from(key), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
