import { createWaitingLine } from '../resilience/waiting-line.ts';

/** Memory for batches under way, for the whole process: blocks of one size, of which there are only so many. */
export interface BlockPool {
  readonly blockBytes: number;
  /** Waits for a block, in the order of asking. @throws the signal's reason when it is aborted meanwhile */
  take(signal: AbortSignal): Promise<Buffer>;
  /** A block that nobody else waits for; undefined when there is none. */
  takeSpare(): Buffer | undefined;
  release(block: Buffer): void;
}

/** The blocks of one transfer: one for sure, and one more to read ahead into while the first is being sent. */
export interface Blocks {
  readonly blockBytes: number;
  /** A block to fill; waits while both are in use, or the only one is. */
  next(): Promise<Buffer>;
  /** What is in the block is needed no longer. */
  release(block: Buffer): void;
  /** Gives all of them back to the pool; none may be in use any more. */
  close(): void;
}

/** Blocks are made when they are first needed, and kept. */
export function createBlockPool({
  blockBytes,
  count,
}: {
  readonly blockBytes: number;
  readonly count: number;
}): BlockPool {
  const free: Buffer[] = [];
  const waiting = createWaitingLine<Buffer>();
  let made = 0;

  function takeSpare(): Buffer | undefined {
    if (waiting.length > 0) return undefined;
    const block = free.pop();
    if (block || made === count) return block;
    made += 1;
    return Buffer.allocUnsafeSlow(blockBytes);
  }

  return {
    blockBytes,
    async take(signal) {
      signal.throwIfAborted();
      const spare = takeSpare();
      if (spare) return spare;
      const block = await waiting.wait(signal);
      if (block) return block;
      throw signal.reason;
    },
    takeSpare,
    release(block) {
      if (!waiting.serve(() => block)) free.push(block);
    },
  };
}

/** Takes a transfer's first block, waiting for it as long as others need them all. @throws the signal's reason */
export async function takeBlocks(pool: BlockPool, signal: AbortSignal): Promise<Blocks> {
  const own = [await pool.take(signal)];
  const free = [...own];
  let wanted: ((block: Buffer) => void) | undefined;

  return {
    blockBytes: pool.blockBytes,
    async next() {
      const block = free.pop();
      if (block) return block;
      const second = own.length === 1 ? pool.takeSpare() : undefined;
      if (second) {
        own.push(second);
        return second;
      }
      return new Promise((resolve) => {
        wanted = resolve;
      });
    },
    release(block) {
      const want = wanted;
      wanted = undefined;
      if (want) want(block);
      else free.push(block);
    },
    close() {
      for (const block of own) pool.release(block);
    },
  };
}
