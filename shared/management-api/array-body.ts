/** Byte order mark, space, tab and line breaks: what may stand in front of an array. */
const leading = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);
const openingBracket = 0x5b;

/**
 * Hands on a body that begins as a JSON array does. Of any other, such as an error object that came with HTTP 200,
 * it reads the first `maxBytes` and throws what `faultOf` makes of them.
 */
export async function firstBytesAreArray(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  faultOf: (text: string) => Error,
): Promise<AsyncIterable<Buffer>> {
  const chunks = body[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let first: number | undefined;
  let length = 0;
  while (first !== openingBracket && length < maxBytes) {
    const { value, done } = await chunks.next();
    if (done) break;
    // Copied: a chunk's own bytes are there only until the next one is asked for.
    read.push(Buffer.from(value));
    length += value.length;
    first ??= value.find((byte: number) => !leading.has(byte));
  }
  if (first !== openingBracket) {
    await chunks.return?.();
    throw faultOf(Buffer.concat(read).subarray(0, maxBytes).toString('utf8'));
  }
  return rest(read, chunks);
}

async function* rest(read: readonly Buffer[], chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* read;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
