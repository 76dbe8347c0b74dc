import type { InvocationContext } from '@azure/functions';
import { deadlineReached } from '../shared/forwarding/transfer.ts';
import type { Log } from '../shared/telemetry/events.ts';
import { originOf, traceparentFrom, withOrigin } from '../shared/telemetry/origin.ts';
import type { Run } from '../shared/telemetry/run.ts';

/** Below functionTimeout of host.json, with room for what is under way to end in order. */
const deadlineMs = 8 * 60_000;

/** Does the work of one execution with its id, its log and its deadline. */
export async function withRun<T>(context: InvocationContext, work: (run: Run) => Promise<T>): Promise<T> {
  const id = context.invocationId;
  const traceparent = traceparentFrom(context.traceContext?.traceParent);
  const write = { information: context.info, warning: context.warn, error: context.error };
  const line: Log = (level, event) => write[level].call(context, JSON.stringify(event));
  const log = withOrigin(line, originOf(id, traceparent));
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(deadlineReached()), deadlineMs);
  try {
    return await work({ id, traceparent, log, signal: deadline.signal });
  } finally {
    clearTimeout(timer);
  }
}
