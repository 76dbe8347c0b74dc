import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';

/** Takes gzipped requests of any size and counts their bytes, before compression; it understands nothing of them. */
export interface Sink {
  readonly origin: string;
  latencyMs: number;
  readonly requests: number;
  readonly bytes: number;
  clear(): void;
}

/** Starts a sink on a free port. */
export async function startSink(): Promise<Sink> {
  let requests = 0;
  let bytes = 0;
  const server = createServer(async (request, response) => {
    request.on('error', () => undefined);
    for await (const chunk of request.pipe(createGunzip({ chunkSize: 65_536 }))) bytes += (chunk as Buffer).length;
    requests += 1;
    if (sink.latencyMs > 0) await pause(sink.latencyMs);
    response.end();
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sink: Sink = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    latencyMs: 0,
    get requests() {
      return requests;
    },
    get bytes() {
      return bytes;
    },
    clear() {
      requests = 0;
      bytes = 0;
    },
  };
  return sink;
}
