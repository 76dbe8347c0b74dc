/**
 * Hands on what a source gives, in its order, and has it make the next one while this one is being used.
 *
 * @param stop called when nobody wants more although there is more: what the source waits for has to end.
 */
export async function* readAhead<T>(source: AsyncGenerator<T>, stop: () => void): AsyncGenerator<T> {
  let next = source.next();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await next;
      ended = done === true;
      if (ended) return;
      next = source.next();
      // What it throws is thrown when it is asked for.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    if (!ended) {
      stop();
      await next.catch(() => undefined);
      await source.return(undefined);
    }
  }
}
