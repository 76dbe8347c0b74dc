import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { CollectorError } from '../errors.ts';
import { createBodyGunzip, type Gunzip } from './gunzip.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Until the answer's headers are there, connecting included; milliseconds. */
  readonly answerTimeoutMs: number;
  /** Longest wait for the next bytes of the answer's body; milliseconds. Default: `answerTimeoutMs`. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /**
   * The decompressed body; to be read once, and read or left by `break` so that its connection is freed. The bytes of a chunk are
   * there until the next one is asked for.
   */
  readonly body: AsyncIterable<Buffer>;
  /** The body's first `maxBytes` as text; what follows is not read. */
  text(maxBytes: number): Promise<string>;
}

/**
 * All HTTP of our own: keep-alive, no redirects, no proxy from the environment, any status is an answer.
 *
 * @throws CollectorError `network_unreachable` when nothing of the request can have arrived, `network_failed` when
 * that is unknown or the answer broke off; the signal's reason when it is aborted.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes the idle connections. */
  close(): void;
}

const connectTimeoutMs = 10_000;
/** Below the four minutes after which Azure's load balancers forget an idle connection without a word. */
const idleConnectionMs = 60_000;

/** Connections over which a request can have gone out: TCP, and TLS where there is one, were established. */
const established = new WeakSet<object>();

/** The HTTP client on axios, which is loaded with the first request: to register the functions it is not needed. */
export function createHttpClient(): HttpClient {
  const options = {
    keepAlive: true,
    timeout: idleConnectionMs,
    scheduling: 'lifo' as const,
  };
  const httpAgent = limitConnecting(new HttpAgent(options), 'connect');
  const httpsAgent = limitConnecting(new HttpsAgent(options), 'secureConnect');
  let client: Promise<AxiosInstance> | undefined;

  async function load(): Promise<AxiosInstance> {
    const { default: axios } = await import('axios');
    return axios.create({
      httpAgent,
      httpsAgent,
      maxRedirects: 0,
      proxy: false,
      responseType: 'stream',
      // See gunzip.ts: its own way costs more than the decompressing.
      decompress: false,
      validateStatus: null,
      maxBodyLength: Number.POSITIVE_INFINITY,
      // Not Infinity: any limit makes axios wrap the answer in a stream that cannot be destroyed while it waits.
      maxContentLength: -1,
    });
  }

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    request.signal?.throwIfAborted();
    const abort = new AbortController();
    const onAbort = () => abort.abort(request.signal?.reason);
    request.signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => abort.abort(new Error('no answer in time')), request.answerTimeoutMs);
    try {
      client ??= load();
      const response: AxiosResponse<Readable> = await (await client).request({
        method: request.method,
        url: request.url,
        headers: {
          'Accept-Encoding': 'gzip',
          'User-Agent': 'm365-audit-collector',
          ...request.headers,
        },
        ...(request.body ? { data: request.body } : {}),
        signal: abort.signal,
      });
      return toAnswer(request, response);
    } catch (error) {
      request.signal?.throwIfAborted();
      throw networkFault(request, abort.signal.aborted ? abort.signal.reason : error);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    }
  }

  return {
    send,
    close() {
      for (const agent of [httpAgent, httpsAgent]) {
        for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
      }
    },
  };
}

function toAnswer(request: HttpRequest, response: AxiosResponse<Readable>): HttpAnswer {
  const compressed = /^(x-)?gzip$/i.test(String(response.headers['content-encoding'] ?? '').trim());
  const gunzip = compressed ? createBodyGunzip(response.data) : undefined;
  const body = readBody(request, gunzip?.stream ?? response.data, gunzip);
  return {
    status: response.status,
    header(name) {
      const value: unknown = response.headers[name.toLowerCase()];
      return value === undefined || value === null ? undefined : String(value);
    },
    body,
    async text(maxBytes) {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of body) {
        chunks.push(Buffer.from(chunk));
        length += chunk.length;
        if (length >= maxBytes) break;
      }
      return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
    },
  };
}

async function* readBody(request: HttpRequest, stream: Readable, gunzip?: Gunzip): AsyncGenerator<Buffer> {
  let waiting = true;
  const timer = setTimeout(() => {
    // While the reader is busy with what it has, silence is not the server's fault.
    if (waiting) stream.destroy(new Error('the answer stopped coming'));
  }, request.idleTimeoutMs ?? request.answerTimeoutMs);
  const onAbort = () => stream.destroy(request.signal?.reason);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    request.signal?.throwIfAborted();
    for await (const chunk of stream) {
      waiting = false;
      yield chunk;
      gunzip?.used(chunk);
      waiting = true;
      timer.refresh();
    }
  } catch (error) {
    request.signal?.throwIfAborted();
    if (gunzip?.wasEmpty(error)) return;
    throw networkFault(request, error);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
    stream.destroy();
  }
}

function networkFault(request: HttpRequest, error: unknown): CollectorError {
  const reason = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
  const unsent = isUnsent(error);
  const host = new URL(request.url).host;
  return new CollectorError(
    unsent
      ? `${host} cannot be reached (${reason}). It is tried again.`
      : `The connection to ${host} broke off (${reason}). It is tried again.`,
    // No cause: axios hangs the request with its token on its errors.
    {
      code: unsent ? 'network_unreachable' : 'network_failed',
      disposition: 'retry',
    },
  );
}

/** Nothing of the request went out when there was no connection yet, or when its address was never found. */
function isUnsent(error: unknown): boolean {
  if (!(error instanceof Error && 'request' in error)) return false;
  const { request } = error;
  if (typeof request !== 'object' || request === null || !('socket' in request)) return false;
  const { socket } = request;
  return typeof socket !== 'object' || socket === null || !established.has(socket);
}

/** The system's code of a network error, such as ECONNRESET, from the error or the one it wraps. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_')) return error.code;
  return error.cause === undefined ? undefined : systemCode(error.cause);
}

/** Node has no time limit for connecting; without one a dropped SYN holds a request for minutes. */
function limitConnecting<A extends HttpAgent>(agent: A, connected: 'connect' | 'secureConnect'): A {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (socket) {
      const timer = setTimeout(
        () =>
          socket.destroy(
            Object.assign(new Error('connecting took too long'), {
              code: 'ETIMEDOUT_CONNECT',
            }),
          ),
        connectTimeoutMs,
      );
      const done = () => clearTimeout(timer);
      (socket as Socket)
        .once(connected, () => {
          established.add(socket);
          done();
        })
        .once('close', done);
    }
    return socket;
  };
  return agent;
}
