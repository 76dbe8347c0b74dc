import { describe, expect, test } from 'vitest';
import { readAhead } from '../../shared/forwarding/read-ahead.ts';

const nothing = () => undefined;

async function* numbers(upTo: number, onNext: (value: number) => void = nothing): AsyncGenerator<number> {
  for (let value = 1; value <= upTo; value += 1) {
    onNext(value);
    yield value;
  }
}

describe('reading ahead', () => {
  test('gives all in order, and makes one more while one is used', async () => {
    const made: number[] = [];
    const seen: [number, number | undefined][] = [];
    for await (const value of readAhead(
      numbers(4, (each) => made.push(each)),
      nothing,
    )) {
      await new Promise(setImmediate);
      seen.push([value, made.at(-1)]);
    }
    expect(seen).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 4],
    ]);
  });

  test('hands on a fault where it stands', async () => {
    async function* source() {
      yield 1;
      throw new Error('broken');
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of readAhead(source(), nothing)) {
        await new Promise(setImmediate);
        seen.push(value);
      }
    })();
    await expect(reading).rejects.toThrow('broken');
    expect(seen).toEqual([1]);
  });

  test('ends what it reads from when nobody wants more, even while that waits', async () => {
    const stopped = Promise.withResolvers<never>();
    let ended = false;
    async function* source() {
      try {
        yield 1;
        await stopped.promise;
      } finally {
        ended = true;
      }
    }
    const reading = readAhead(source(), () => stopped.reject(new Error('stopped')));
    for await (const _ of reading) break;
    expect(ended).toBe(true);
  });
});
