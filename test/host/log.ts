import type { LogLevel } from './core-types.ts';

/** One line that the app, the library or the host wrote. */
export interface LogEntry {
  readonly level: LogLevel;
  /** `Function.<name>.User` for the app's own lines, `Function.<name>` for the host's about it, `Worker` and `Host` for the rest. */
  readonly category: string;
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}

/** Where log lines go. */
export type OnLog = (entry: LogEntry) => void;

/** The whole of an error in words: its stack, and those of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const text = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? text : `${text}\nCaused by: ${describeError(error.cause)}`;
}
