import type { Log } from './events.ts';

/** One execution of a function, as the product sees it. */
export interface Run {
  /** The host's invocation id. */
  readonly id: string;
  /** W3C trace context of the execution; goes with what it puts into the queue. */
  readonly traceparent?: string;
  readonly log: Log;
  /** Aborted at the deadline, well before the host would end the execution. */
  readonly signal: AbortSignal;
}
