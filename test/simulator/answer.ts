/** The bytes of a body before any compression: at hand, or produced while they are sent. */
export type AnswerBody = Buffer | (() => Iterable<Buffer> | AsyncIterable<Buffer>);

/** How the bytes go over the wire when all is not well. */
export interface Delivery {
  /** The connection ends after so many bytes of the body, compressed if it is, although more was announced. */
  readonly cutAfterBytes?: number;
  /** The body comes in small pieces; the delay is real time. */
  readonly pace?: { readonly bytesPerChunk: number; readonly delayMs: number };
  /** Milliseconds of real time that pass before the first byte. */
  readonly delayMs?: number;
  /** Instead of an answer: nothing for ever, or a closed connection. */
  readonly instead?: 'silence' | 'reset';
}

/** What a service answers, apart from how it is compressed and framed. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AnswerBody;
  /** Whether the body is gzipped for a client that accepts it. */
  readonly compressible?: boolean;
  readonly delivery?: Delivery;
}

const jsonType = 'application/json; charset=utf-8';

/** An answer with a JSON body. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'Content-Type': jsonType, ...headers }, body: Buffer.from(JSON.stringify(value)) };
}

/** An answer with a body of JSON that is already text or bytes. */
export function rawJsonAnswer(body: AnswerBody | string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': jsonType, ...headers },
    body: typeof body === 'string' ? Buffer.from(body) : body,
    compressible: true,
  };
}

/** An answer with a body of another type. */
export function textAnswer(
  status: number,
  text: string,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'Content-Type': contentType, ...headers }, body: Buffer.from(text) };
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers };
}

/** The whole body in one piece. */
export async function wholeBody(answer: Answer): Promise<Buffer> {
  if (answer.body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(answer.body)) return answer.body;
  const pieces: Buffer[] = [];
  for await (const piece of answer.body()) pieces.push(piece);
  return Buffer.concat(pieces);
}
