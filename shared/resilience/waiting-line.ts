/** Those who wait for something of which there is not enough for all, in the order in which they came. */
export interface WaitingLine<T> {
  readonly length: number;
  /** Waits for one's turn; undefined when the signal is aborted, or the time has passed, before it comes. */
  wait(signal: AbortSignal, forMs?: number): Promise<T | undefined>;
  /** Hands it to the first one in the line; false when nobody waits. */
  serve(value: () => T): boolean;
}

export function createWaitingLine<T>(): WaitingLine<T> {
  const line: ((value: T | undefined) => void)[] = [];
  return {
    get length() {
      return line.length;
    },
    async wait(signal, forMs) {
      if (signal.aborted) return undefined;
      const { promise, resolve } = Promise.withResolvers<T | undefined>();
      const giveUp = () => {
        const at = line.indexOf(resolve);
        if (at < 0) return;
        line.splice(at, 1);
        resolve(undefined);
      };
      line.push(resolve);
      signal.addEventListener('abort', giveUp, { once: true });
      const timer = forMs === undefined ? undefined : setTimeout(giveUp, forMs);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
      }
    },
    serve(value) {
      const first = line.shift();
      first?.(value());
      return first !== undefined;
    },
  };
}
