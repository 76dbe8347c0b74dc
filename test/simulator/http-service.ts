import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, textAnswer } from './answer.ts';
import { deliver } from './delivering.ts';
import { createFaults, type Faults, type Subject } from './faults.ts';
import type { Random } from './random.ts';
import { createRequestCounts, type RequestCounts, type RequestRecorder } from './request-counts.ts';

/** A request as a service sees it. */
export interface ReceivedRequest {
  readonly method: string;
  /** As it stood in the request line, without the query. */
  readonly path: string;
  /** Keys in lower case, values decoded. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the body was longer than the service takes; `body` is empty then. */
  readonly bodyTooLarge: boolean;
}

/** Sees each request before the service does. */
export type Watch = (request: ReceivedRequest) => void;

/** What makes a service out of an HTTP server. */
export interface ServiceDefinition {
  readonly operations: readonly string[];
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** The service's own clock, for its Date header. */
  now(): number;
  /** Real milliseconds that every request takes at least. */
  latencyMs(): number;
  readonly maxBodyBytes: number;
  readonly watch?: Watch | undefined;
  /** What the request is about; here a service notes bad manners too, since faults come after it. */
  observe(request: ReceivedRequest): Subject;
  answer(request: ReceivedRequest, subject: Subject): Promise<Answer>;
  /** Told about errors of the simulator itself. */
  failed(problem: string): void;
}

/** A service on a free port of 127.0.0.1. */
export interface HttpService {
  readonly origin: string;
  readonly faults: Faults;
  readonly requests: RequestCounts;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Starts a service; returns when it listens. */
export async function startService(
  definition: ServiceDefinition,
  worldTime: () => number,
  random: Random,
): Promise<HttpService> {
  const faults = createFaults(worldTime, random);
  const recorder = createRequestCounts(definition.operations, worldTime);
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    serve(definition, faults, recorder, request, response).catch((error: unknown) => {
      if (!request.destroyed) definition.failed(`the simulator failed: ${error}`);
      response.destroy();
    });
  };
  const server = definition.certificate ? createTlsServer(definition.certificate, listener) : createServer(listener);
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${definition.certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    faults,
    requests: recorder.counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  definition: ServiceDefinition,
  faults: Faults,
  recorder: RequestRecorder,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const finished = recorder.begin();
  response.once('close', finished);
  const { body, tooLarge } = await readBody(incoming, definition.maxBodyBytes);
  const [path = '', query = ''] = splitOnce(incoming.url ?? '');
  const request: ReceivedRequest = {
    method: incoming.method ?? '',
    path,
    query: new Map([...new URLSearchParams(query)].map(([key, value]) => [key.toLowerCase(), value])),
    headers: incoming.headers,
    body,
    bodyTooLarge: tooLarge,
  };
  definition.watch?.(request);
  const subject = definition.observe(request);
  const latency = definition.latencyMs();
  if (latency > 0) await pause(latency);
  const answer = await faults.answer(subject, () => guarded(definition, request, subject));
  recorder.answered(subject, answer, `${request.method} ${incoming.url}`);
  response.sendDate = false;
  response.setHeader('Date', new Date(definition.now()).toUTCString());
  await deliver(answer, incoming, response);
}

async function guarded(definition: ServiceDefinition, request: ReceivedRequest, subject: Subject): Promise<Answer> {
  try {
    return await definition.answer(request, subject);
  } catch (error) {
    definition.failed(`the simulator failed: ${error}`);
    return textAnswer(500, `The simulator failed: ${error}`, 'text/plain');
  }
}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<{ body: Buffer; tooLarge: boolean }> {
  if (incoming.method === 'GET') return { body: Buffer.alloc(0), tooLarge: false };
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of incoming) {
    length += (piece as Buffer).length;
    if (length <= maxBytes) pieces.push(piece as Buffer);
    else pieces.length = 0;
  }
  return { body: Buffer.concat(pieces), tooLarge: length > maxBytes };
}

function splitOnce(address: string): readonly string[] {
  const mark = address.indexOf('?');
  return mark < 0 ? [address] : [address.slice(0, mark), address.slice(mark + 1)];
}
