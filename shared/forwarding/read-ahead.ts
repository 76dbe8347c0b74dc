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
      // Nothing is lost: the loop awaits this very promise and throws what it throws. Until then it must not count as unhandled.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    if (!ended) {
      stop();
      // Nobody asks for this one any more: the reason why the reader stopped is what counts, and it is on its way to the caller.
      await next.catch(() => undefined);
      await source.return(undefined);
    }
  }
}
