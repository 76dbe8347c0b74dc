import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Answer, jsonAnswer } from './answer.ts';
import type { ReceivedRequest } from './http-service.ts';
import { hexOf } from './random.ts';
import type { SiemStore } from './siem-store.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** The most that a request may hold, before and after decompression. */
export const maxRequestBytes = 10_485_760;

/** The longest event; a longer one vanishes without a word. */
export const maxEventBytes = 250_000;

/** What can be turned at the SIEM while it runs. */
export interface SiemKnobs {
  /** Larger bodies answer 413; never more than 10 MiB. */
  maxBytes: number;
  /** Real milliseconds that every request takes at least. */
  latencyMs: number;
  /** Whether the lines themselves are kept, not only their hashes. */
  keepRecords: boolean;
  /** A batch with such a record answers 400 as a whole. */
  refuseRecord: ((line: Buffer) => boolean) | undefined;
  /** Intake keys that are refused although they are right. */
  readonly refusedKeys: Set<string>;
}

/** What the parts of the SIEM share. */
export interface IntakeState {
  knobs(): SiemKnobs;
  readonly tenants: ReadonlyMap<string, SimulatedTenant>;
  readonly store: SiemStore;
  /** Events accepted so far, for their ids. */
  events: number;
  violate(what: string): void;
}

/** The header that carries the intake key. */
export const keyHeader = 'x-sekoiaio-intake-key';

const unzip = promisify(gunzip);
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** `POST /plain/batch` of an intake that is well: one event a line. */
export async function takeBatch(intake: IntakeState, request: ReceivedRequest): Promise<Answer> {
  const tenant = keyHolder(intake, request.headers[keyHeader]);
  if ('status' in tenant) return tenant;
  // How a client asks whether its key is good, and sends nothing.
  if (request.body.length === 0 && !request.bodyTooLarge) return jsonAnswer(400, { message: 'No events' });
  const unpacked = await unpack(request, limitOf(intake));
  return 'status' in unpacked ? unpacked : takeEvents(intake, tenant, linesOf(unpacked.bytes));
}

/** `POST /batch`: the intake key and the events, as texts, in one JSON object. */
export async function takeJsonBatch(intake: IntakeState, request: ReceivedRequest): Promise<Answer> {
  const unpacked = await unpack(request, limitOf(intake));
  if ('status' in unpacked) return unpacked;
  const body = JSON.parse(unpacked.bytes.toString()) as { readonly intake_key?: unknown; readonly jsons: string[] };
  const tenant = keyHolder(intake, body.intake_key);
  if ('status' in tenant) return tenant;
  const events = body.jsons.map((event) => Buffer.from(event));
  return takeEvents(intake, tenant, events);
}

function keyHolder({ knobs, tenants, violate }: IntakeState, key: unknown): SimulatedTenant | Answer {
  if (typeof key !== 'string') {
    violate('no intake key');
    return jsonAnswer(401, { message: 'The intake key is missing' });
  }
  const tenant = tenants.get(key);
  return tenant && !knobs().refusedKeys.has(key) ? tenant : jsonAnswer(403, { message: 'The intake key is not valid' });
}

function takeEvents(intake: IntakeState, tenant: SimulatedTenant, lines: readonly Buffer[]): Answer {
  const { violate } = intake;
  const knobs = intake.knobs();
  for (const line of lines) {
    if (line.length === 0) violate('empty line');
    if (line.at(-1) === carriageReturn) violate('a line ends in a carriage return');
  }
  const events = lines.filter((line) => line.length > 0);
  if (events.length === 0) {
    violate('request without events');
    return jsonAnswer(400, { message: 'No events' });
  }
  const { refuseRecord } = knobs;
  if (refuseRecord && events.some((line) => refuseRecord(line))) {
    return jsonAnswer(400, { message: 'An event could not be processed' });
  }
  const kept = events.filter((line) => line.length <= maxEventBytes);
  for (const line of events) {
    if (line.length > maxEventBytes) violate(`event of ${line.length} bytes, more than ${maxEventBytes}: it vanished`);
  }
  intake.store.accept(tenant, kept, knobs.keepRecords);
  return jsonAnswer(200, { event_ids: events.map(() => nextEventId(intake)) });
}

function limitOf(intake: IntakeState): number {
  return Math.min(intake.knobs().maxBytes, maxRequestBytes);
}

function tooLarge(limit: number): Answer {
  return jsonAnswer(413, { message: `Request entity too large: the limit is ${limit} bytes` });
}

async function unpack(request: ReceivedRequest, limit: number): Promise<Answer | { readonly bytes: Buffer }> {
  const { headers, body, bodyTooLarge } = request;
  if (bodyTooLarge || body.length > limit) return tooLarge(limit);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return { bytes: body };
  if (encoding !== 'gzip') return jsonAnswer(415, { message: `Content-Encoding ${encoding} is not supported` });
  try {
    return { bytes: await unzip(body, { maxOutputLength: limit }) };
  } catch (error) {
    const bomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return bomb ? tooLarge(limit) : jsonAnswer(400, { message: 'The body is not gzip' });
  }
}

/** One line feed at the very end is allowed and ends no empty line. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(lineFeed, start);
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

function nextEventId(intake: IntakeState): string {
  intake.events += 1;
  return `5e401a00-0000-4000-a000-${Math.floor(intake.events / 4_294_967_296)
    .toString(16)
    .padStart(4, '0')}${hexOf(intake.events)}`;
}
