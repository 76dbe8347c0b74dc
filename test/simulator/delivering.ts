import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { Answer, Delivery } from './answer.ts';

const gzipWhole = promisify(gzip);
const level = constants.Z_BEST_SPEED;

/** Sends the answer as its delivery says; returns when nothing more will be written. */
export async function deliver(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const delivery = answer.delivery ?? {};
  if (delivery.delayMs) await pause(delivery.delayMs);
  if (response.destroyed || delivery.instead === 'silence') return;
  if (delivery.instead === 'reset') {
    request.socket.destroy();
    return;
  }
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.statusCode = answer.status;
  const compress = answer.compressible === true && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (compress) response.setHeader('Content-Encoding', 'gzip');
  const { body } = answer;
  if (body === undefined || Buffer.isBuffer(body)) {
    const plain = body ?? Buffer.alloc(0);
    const bytes = compress ? await gzipWhole(plain, { level, chunkSize: 65_536 }) : plain;
    if (response.destroyed) return;
    response.setHeader('Content-Length', bytes.length);
    if (delivery.cutAfterBytes === undefined && !delivery.pace) response.end(bytes);
    else await write([bytes], response, delivery);
    return;
  }
  const plain = Readable.from(body(), { objectMode: false });
  if (!compress) return write(plain, response, delivery);
  const zipped = createGzip({ level });
  plain.once('error', (error) => zipped.destroy(error));
  await write(plain.pipe(zipped), response, delivery);
}

async function write(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  response: ServerResponse,
  delivery: Delivery,
): Promise<void> {
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  let left = delivery.cutAfterBytes ?? Number.POSITIVE_INFINITY;
  response.flushHeaders();
  for await (const piece of pieces) {
    const allowed = piece.subarray(0, left);
    left -= allowed.length;
    const step = delivery.pace?.bytesPerChunk ?? allowed.length;
    for (let offset = 0; offset < allowed.length; offset += step) {
      if (delivery.pace) await Promise.race([pause(delivery.pace.delayMs), closed]);
      if (response.destroyed) return;
      const chunk = allowed.subarray(offset, offset + step);
      await Promise.race([new Promise<void>((resolve) => response.write(chunk, () => resolve())), closed]);
    }
    if (left === 0) break;
  }
  if (delivery.cutAfterBytes === undefined) response.end();
  else response.socket?.destroySoon();
}
