import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyGunzip } from '../../shared/http/gunzip.ts';
import { createRandom } from '../simulator/random.ts';

/** Bytes of which some stretches compress well, and others hardly. */
function someBytes(length: number, seed: number): Buffer {
  const random = createRandom(seed);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = at % 4_096 < 2_048 ? 0x61 : Math.floor(random.next() * 256);
  return bytes;
}

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

describe('a body that is decompressed as it comes', () => {
  it('comes out as it was, however it comes and however slowly it is read, and its memory is given back', async () => {
    const anyBody = fc.record({
      length: fc.integer({ min: 0, max: 1_500_000 }),
      seed: fc.nat(),
      pieceBytes: fc.integer({ min: 500, max: 200_000 }),
      turns: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(anyBody, async ({ length, seed, pieceBytes, turns }) => {
        const body = someBytes(length, seed);
        const gunzip = createBodyGunzip(Readable.from(pieces(gzipSync(body), pieceBytes)));
        const read: Buffer[] = [];
        const memory = new Set<ArrayBufferLike>();
        for await (const chunk of gunzip.stream as AsyncIterable<Buffer>) {
          for (let count = 0; count < turns; count += 1) await turn();
          read.push(Buffer.from(chunk));
          memory.add(chunk.buffer);
          gunzip.used(chunk);
        }
        expect(Buffer.concat(read).equals(body)).toBe(true);
        // What Node has joined of small chunks is the garbage collector's.
        const left = [...memory].filter(({ byteLength }) => byteLength === 256 * 1024).length;
        expect(left).toBeLessThanOrEqual(2);
      }),
      { numRuns: 60 },
    );
  });

  it('breaks when what it is made of breaks, and when that ends too early', async () => {
    async function* broken() {
      yield gzipSync(someBytes(100_000, 1)).subarray(0, 20_000);
      throw new Error('connection lost');
    }
    const read = async (source: Readable) => {
      const { stream, used } = createBodyGunzip(source);
      for await (const chunk of stream as AsyncIterable<Buffer>) used(chunk);
    };
    await expect(read(Readable.from(broken()))).rejects.toThrow('connection lost');
    const whole = gzipSync(someBytes(100_000, 1));
    await expect(read(Readable.from([whole.subarray(0, -10)]))).rejects.toThrow('unexpected end of file');
  });
});
