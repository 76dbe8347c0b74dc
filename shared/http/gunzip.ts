import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A body that is decompressed as it comes. */
export interface Gunzip {
  readonly stream: Readable;
  /** A chunk of the stream has been used; its bytes may vanish. To be called for each, in their order. */
  used(chunk: Buffer): void;
  /** Whether the stream failed by this only because the body ended without a byte: an answer with nothing in it. */
  wasEmpty(error: unknown): boolean;
}

/** With less, handing chunks from thread to thread costs more than decompressing them. */
const chunkBytes = 256 * 1024;

/**
 * Decompresses a body in constant memory. Chunks are given back as soon as they are used: left to the garbage collector, which hardly
 * sees such memory, tens of megabytes of them would gather.
 */
export function createBodyGunzip(body: Readable): Gunzip {
  const stream = createGunzip({ chunkSize: chunkBytes });
  // Either end that breaks destroys the other one, and whoever reads is told.
  pipeline(body, stream, () => undefined);
  /** Memory that chunks stand in, and the place in the body up to which it may still be written to. */
  const held: { readonly memory: ArrayBuffer; readonly until: number }[] = [];
  let position = 0;
  return {
    stream,
    wasEmpty: (error) =>
      stream.bytesWritten === 0 && error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR',
    used({ buffer, length }) {
      // Node fills a chunk's memory from its start to its end, in as many pieces as it likes. Other memory is not its own.
      if (buffer instanceof ArrayBuffer && buffer.byteLength === chunkBytes && held.at(-1)?.memory !== buffer) {
        held.push({ memory: buffer, until: position + chunkBytes });
      }
      position += length;
      while (held[0] && held[0].until <= position) held.shift()?.memory.transfer(0);
    },
  };
}
