import { expect, it } from 'vitest';
import { originOfMessage, readContentMessage, writeContentMessage } from '../../shared/dispatching/content-message.ts';
import { nothingSent, type OpenContent } from '../../shared/ledger/open-content.ts';
import type { LogEvent } from '../../shared/telemetry/events.ts';
import { originOf, traceIdOf, traceparentFrom, withOrigin } from '../../shared/telemetry/origin.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const content: OpenContent = {
  scope: { tenantId: '11111111-1111-4111-8111-111111111111', contentType: 'Audit.Exchange' },
  contentId: 'content$1',
  contentUri: 'https://manage.office.com/api/v1.0/tenant/activity/feed/audit/content$1',
  created: 1,
  expires: 2,
  listed: 3,
  attempts: 0,
  ...nothingSent,
  reopened: 0,
  etag: 'etag',
};

function told(origin: Parameters<typeof withOrigin>[1], event: LogEvent): LogEvent[] {
  const lines: LogEvent[] = [];
  withOrigin((_level, line) => lines.push(line), origin)('information', event);
  return lines;
}

it('takes the traceparent that the host gives, and makes one where that cannot be read', () => {
  expect(traceparentFrom(traceparent)).toBe(traceparent);
  expect(traceIdOf(traceparent)).toBe(traceId);
  for (const wrong of [undefined, '', 'none', 7, `01-${traceId}`, `${traceparent} `]) {
    expect(traceIdOf(wrong)).toBeUndefined();
    expect(traceIdOf(traceparentFrom(wrong))).toMatch(/^[0-9a-f]{32}$/);
  }
  expect(traceparentFrom(undefined)).not.toBe(traceparentFrom(undefined));
});

it('adds to an event where it comes from, behind its name, and leaves what it says itself', () => {
  const event = { event: 'dispatch.completed', runId: 'own', sent: 1, queued: 2, waiting: false } as const;
  const [line] = told({ runId: 'other', operationId: traceId }, event);
  expect(line).toEqual({ ...event, operationId: traceId });
  expect(JSON.stringify(line)).toMatch(/^\{"event":/);
  expect(originOf('run', traceparent)).toEqual({ runId: 'run', operationId: traceId });
});

it('hands the run and its trace on in the queue message', () => {
  const read = readContentMessage(writeContentMessage({ content, probe: true, runId: 'run-1', traceparent }));
  expect(read).toMatchObject({ content, probe: true, runId: 'run-1', traceparent });
  expect(originOfMessage(read)).toEqual({ dispatchedBy: 'run-1', operationId: traceId });
});

it('reads a message of an earlier version, and leaves out what is not a run or a trace', () => {
  const message = JSON.parse(writeContentMessage({ content, probe: false })) as object;
  expect(Object.keys(message)).not.toContain('traceparent');
  expect(originOfMessage(readContentMessage(message))).toEqual({});
  const strange = { ...message, runId: '<b>run</b>', traceparent: { not: 'a text' } };
  expect(originOfMessage(readContentMessage(strange))).toEqual({});
});
