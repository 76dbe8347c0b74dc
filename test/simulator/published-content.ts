import type { AnswerBody } from './answer.ts';
import { type ContentShape, type ContentShapeName, contentShapes, recordInShape } from './content-shapes.ts';
import type { ContentType } from './content-types.ts';

/** Records that are made anew each time they are asked for, always the same. */
export type RecordSource = () => Iterable<Buffer> | AsyncIterable<Buffer>;

/** One blob of audit records that the tenant has made. */
export interface PublishedContent {
  readonly tenantId: string;
  readonly contentId: string;
  readonly contentType: ContentType;
  /** contentCreated, in milliseconds since 1970. */
  readonly createdAt: number;
  /** When it begins to be listed. */
  readonly visibleFrom: number;
  /** contentExpiration; from then on it is neither listed nor handed out. */
  readonly expiresAt: number;
  /** Whether its body is an array of records that must all arrive. */
  readonly wellFormed: boolean;
  /**
   * The lines that must arrive for it, none when it is malformed.
   *
   * @throws TypeError for a content whose source is asynchronous; see `expected`.
   */
  readonly records: Buffer[];
  /** The same lines one after the other. */
  expected(): Iterable<Buffer> | AsyncIterable<Buffer>;
  /** The bytes that a download hands out. */
  body(): AnswerBody;
}

/** What a content is made of. */
export interface ContentParts {
  readonly tenantId: string;
  readonly contentId: string;
  readonly contentType: ContentType;
  readonly createdAt: number;
  readonly visibleFrom: number;
  readonly expiresAt: number;
  readonly shape: ContentShapeName;
  readonly source: RecordSource;
  /** How many records the source has, where that is known. */
  readonly count?: number;
  /** The whole body; `source` then holds the lines that must arrive, and undefined that it is malformed. */
  readonly rawBody?: { readonly bytes: Buffer; readonly wellFormed: boolean };
}

/** More records than this are sent as they are made, not kept together in memory first. */
const maxRecordsAtOnce = 2_000;
const chunkBytes = 65_536;

/** Shared by all contents: an accessor of its own would cost each of them a kilobyte. */
const recordsAtHand = {
  get records(): Buffer[] {
    const { contentId, expected } = this as unknown as PublishedContent;
    const lines = expected();
    if (Symbol.iterator in lines) return [...lines];
    throw new TypeError(`The records of ${contentId} come asynchronously: read them with expected()`);
  },
};

/** A content out of its parts; keeps no record that its source does not keep. */
export function createPublishedContent(parts: ContentParts): PublishedContent {
  const { tenantId, contentId, contentType, createdAt, visibleFrom, expiresAt, source, rawBody } = parts;
  const shape: ContentShape = contentShapes[parts.shape];
  const wellFormed = rawBody ? rawBody.wellFormed : shape.wellFormed;
  const content: Omit<PublishedContent, 'records'> = {
    tenantId,
    contentId,
    contentType,
    createdAt,
    visibleFrom,
    expiresAt,
    wellFormed,
    expected() {
      if (!wellFormed || shape.instead !== undefined) return [];
      const records = source();
      if (!shape.layout) return records;
      return Symbol.iterator in records ? linesOf(records, shape) : linesOfAsync(records, shape);
    },
    body() {
      if (rawBody) return rawBody.bytes;
      if (shape.instead !== undefined) return Buffer.from(shape.instead);
      const records = source();
      if (!(Symbol.iterator in records)) return () => chunked(records, shape);
      const atOnce = parts.count !== undefined && parts.count <= maxRecordsAtOnce;
      return atOnce ? Buffer.concat(written(records, shape)) : () => chunked(records, shape);
    },
  };
  return Object.setPrototypeOf(content, recordsAtHand);
}

function* linesOf(records: Iterable<Buffer>, shape: ContentShape): Generator<Buffer> {
  for (const record of records) yield recordInShape(record, shape).line;
}

async function* linesOfAsync(records: AsyncIterable<Buffer>, shape: ContentShape): AsyncGenerator<Buffer> {
  for await (const record of records) yield recordInShape(record, shape).line;
}

function written(records: Iterable<Buffer>, shape: ContentShape): Buffer[] {
  const between = Buffer.from(shape.between);
  const pieces: Buffer[] = [];
  for (const record of records) {
    pieces.push(pieces.length === 0 ? Buffer.from(shape.before) : between, recordInShape(record, shape).body);
  }
  const last = pieces.at(-1);
  if (last === undefined) pieces.push(Buffer.from(shape.before));
  else if (shape.cutsLast) pieces.splice(-1, 1, last.subarray(0, last.length / 2));
  pieces.push(Buffer.from(shape.after));
  return pieces;
}

async function* chunked(
  records: Iterable<Buffer> | AsyncIterable<Buffer>,
  shape: ContentShape,
): AsyncGenerator<Buffer> {
  const between = Buffer.from(shape.between);
  let pieces: Buffer[] = [Buffer.from(shape.before)];
  let length = 0;
  let first = true;
  for await (const record of records) {
    if (!first) pieces.push(between);
    first = false;
    const { body } = recordInShape(record, shape);
    pieces.push(body);
    length += body.length;
    if (length < chunkBytes) continue;
    const chunk = Buffer.concat(pieces);
    pieces = [];
    length = 0;
    yield chunk;
  }
  const last = Buffer.concat([...pieces, Buffer.from(shape.after)]);
  yield shape.cutsLast ? last.subarray(0, last.length / 2) : last;
}
