import { randomBytes } from 'node:crypto';
import type { Log } from './events.ts';

/** Which execution an event comes from; every event that an execution logs carries it. */
export interface Origin {
  /** The execution that logged the event: the host's invocation id. */
  readonly runId?: string;
  /**
   * Trace id of the operation, `operation_Id` of Application Insights: that of the execution itself, and for the forwarding of a content
   * that of the run which put it into the queue, so that both can be found by one id.
   */
  readonly operationId?: string;
  /** The run of the listing timer that put the content into the queue. */
  readonly dispatchedBy?: string;
}

/** W3C trace context, version 00: version, trace id, parent id, flags. Source: https://www.w3.org/TR/trace-context */
const traceparentForm = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A traceparent as the host gave it, or one of our own where it gave none that can be read. */
export function traceparentFrom(given: unknown): string {
  if (traceIdOf(given) !== undefined) return String(given);
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

/** The trace id in a traceparent; undefined when it is none. */
export function traceIdOf(traceparent: unknown): string | undefined {
  return typeof traceparent === 'string' ? traceparentForm.exec(traceparent)?.[1] : undefined;
}

/** Where the events of an execution come from. */
export function originOf(id: string, traceparent: string): Origin {
  const operationId = traceIdOf(traceparent);
  return { runId: id, ...(operationId && { operationId }) };
}

/** A log whose events say where they come from; what an event says itself stands. */
export function withOrigin(log: Log, origin: Origin): Log {
  return (level, event) => log(level, Object.assign({}, event, origin, event));
}
