import { CollectorError } from '../errors.ts';
import type { OpenContent } from '../ledger/open-content.ts';
import { readReplayField } from '../ledger/replay-columns.ts';
import { type ContentType, contentTypes } from '../settings/settings.ts';
import { type Origin, traceIdOf } from '../telemetry/origin.ts';

/**
 * Version of the message's form; a message of another one is not read. A field that may be missing needs no new one: while one
 * version takes over from another, each reads what the other wrote.
 */
const version = 1;

/** A content on its way to be forwarded. */
export interface ContentMessage {
  readonly content: OpenContent;
  /** It goes ahead alone through a paused gate, to see whether the fault is over. */
  readonly probe: boolean;
  /** The run that put it into the queue, and that run's trace context; missing in a message of an earlier version. */
  readonly runId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** A content as the text of a queue message: what forwarding needs without reading the ledger first. */
export function writeContentMessage({ content, probe, runId, traceparent }: ContentMessage): string {
  const { scope, sent, failedBefore: _, ...rest } = content;
  return JSON.stringify({
    version,
    tenantId: scope.tenantId,
    contentType: scope.contentType,
    ...rest,
    sentRecords: sent.records,
    sentBytes: sent.bytes,
    sentCrc32: sent.crc32,
    probe,
    runId,
    traceparent,
  });
}

/**
 * Reads what the queue trigger hands over: the text, or the object the host made of it.
 *
 * @throws CollectorError `message_invalid` when it is not a message of ours.
 */
export function readContentMessage(message: unknown): ContentMessage {
  const fields = typeof message === 'string' ? parse(message) : message;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw invalid('it is not a JSON object');
  const read = fields as Record<string, unknown>;
  if (read['version'] !== version) throw invalid(`its version is not ${version}`);
  const text = (name: string): string => {
    const value = read[name];
    if (typeof value !== 'string' || value === '') throw invalid(`${name} is missing`);
    return value;
  };
  const number = (name: string): number => {
    const value = read[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw invalid(`${name} is not a whole number`);
    return value;
  };
  const contentType = text('contentType');
  if (!isContentType(contentType)) throw invalid('its contentType is unknown');
  const refusedRecords = read['refusedRecords'];
  if (!Array.isArray(refusedRecords) || !refusedRecords.every((place) => Number.isSafeInteger(place))) {
    throw invalid('refusedRecords is not an array of whole numbers');
  }
  const content: OpenContent = {
    scope: { tenantId: text('tenantId'), contentType },
    contentId: text('contentId'),
    contentUri: text('contentUri'),
    created: number('created'),
    expires: number('expires'),
    listed: number('listed'),
    attempts: number('attempts'),
    sent: { records: number('sentRecords'), bytes: number('sentBytes'), crc32: number('sentCrc32') },
    possiblyDoubled: number('possiblyDoubled'),
    refusedRecords,
    missing: number('missing'),
    reopened: number('reopened'),
    ...readReplayField(read['replay']),
    etag: text('etag'),
  };
  const { runId, traceparent } = read;
  return {
    content,
    probe: read['probe'] === true,
    // They go into events as they are: whatever else somebody put there is left out.
    runId: typeof runId === 'string' && /^[\w-]{1,64}$/.test(runId) ? runId : undefined,
    traceparent: traceIdOf(traceparent) === undefined ? undefined : String(traceparent),
  };
}

/** Where the content of a message comes from, as events about it say. */
export function originOfMessage({ runId, traceparent }: ContentMessage): Origin {
  const operationId = traceIdOf(traceparent);
  return { ...(runId && { dispatchedBy: runId }), ...(operationId && { operationId }) };
}

function isContentType(value: string): value is ContentType {
  return contentTypes.some((contentType) => contentType === value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function invalid(reason: string): CollectorError {
  return new CollectorError(
    `A message in the queue is not one of this product's: ${reason}. It was dropped and nothing was sent anywhere.`,
    { code: 'message_invalid', disposition: 'quarantine' },
  );
}

/** A message as a log may show it: its first characters, escaped. */
export function shownMessage(message: unknown): string {
  const text = typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
  return text
    .slice(0, 200)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
