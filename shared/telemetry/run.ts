import type { Log } from './events.ts';

/** One execution of a function, as the product sees it. */
export interface Run {
  /** The host's invocation id. */
  readonly id: string;
  readonly log: Log;
  /** Aborted at the deadline, well before the host would end the execution. */
  readonly signal: AbortSignal;
}
