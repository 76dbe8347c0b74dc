import { describe, expect, test } from 'vitest';
import { createBlockPool, takeBlocks } from '../../shared/forwarding/blocks.ts';

const never = new AbortController().signal;
const size = { blockBytes: 10 };

describe('the memory for batches', () => {
  test('is never more than was allowed, and goes to those that wait in the order of asking', async () => {
    const pool = createBlockPool({ ...size, count: 2 });
    const [first, second] = [await pool.take(never), await pool.take(never)];
    expect(first).not.toBe(second);
    const order: string[] = [];
    const one = pool.take(never).then((block) => order.push('one') && block);
    const two = pool.take(never).then((block) => order.push('two') && block);
    expect(pool.takeSpare()).toBeUndefined();
    pool.release(first);
    expect(await one).toBe(first);
    pool.release(second);
    expect(await two).toBe(second);
    expect(order).toEqual(['one', 'two']);
  });

  test('is not waited for beyond the deadline, and not lost by that', async () => {
    const pool = createBlockPool({ ...size, count: 1 });
    const block = await pool.take(never);
    const deadline = new AbortController();
    const waiting = pool.take(deadline.signal);
    const after = pool.take(never);
    deadline.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    await expect(pool.take(deadline.signal)).rejects.toThrow('too late');
    pool.release(block);
    expect(await after).toBe(block);
  });

  test('gives a transfer a second block when nobody else needs it', async () => {
    const pool = createBlockPool({ ...size, count: 2 });
    const blocks = await takeBlocks(pool, never);
    const [first, second] = [await blocks.next(), await blocks.next()];
    const third = blocks.next();
    blocks.release(second);
    expect(await third).toBe(second);
    blocks.release(first);
    blocks.release(second);
    blocks.close();
    expect(new Set([await pool.take(never), await pool.take(never)])).toEqual(new Set([first, second]));
  });

  test('lets a transfer go on with one block where there is no other', async () => {
    const pool = createBlockPool({ ...size, count: 2 });
    const [one, other] = [await takeBlocks(pool, never), await takeBlocks(pool, never)];
    const first = await one.next();
    const again = one.next();
    one.release(first);
    expect(await again).toBe(first);
    const third = takeBlocks(pool, never);
    other.close();
    expect(await (await third).next()).not.toBe(first);
  });
});
