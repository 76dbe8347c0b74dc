import type { Answer } from './answer.ts';
import type { Subject } from './faults.ts';

/** One request of the past, without anything secret. */
export interface LoggedRequest extends Subject {
  /** Time of the simulated world. */
  readonly at: number;
  /** Method and address. */
  readonly request: string;
  readonly status: number;
  /** Whether a fault kept the answer from arriving whole. */
  readonly disturbed: boolean;
}

/** How much a service was asked. */
export interface RequestCounts {
  readonly total: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests being answered now. */
  readonly inFlight: number;
  /** The most there ever were at a time. */
  readonly maxInFlight: number;
  /** The last requests, oldest first. */
  readonly log: readonly LoggedRequest[];
  /** Requests for one operation; 0 when there were none. */
  of(operation: string): number;
  /** Starts counting again from nothing; requests in flight stay. */
  reset(): void;
}

/** The side of the counts that the service writes. */
export interface RequestRecorder {
  readonly counts: RequestCounts;
  /** Returns what to call when the request is over. */
  begin(): () => void;
  answered(subject: Subject, answer: Answer, request: string): void;
}

const keptRequests = 2_000;

/** Counts of a service that nobody has asked yet. */
export function createRequestCounts(operations: readonly string[], now: () => number): RequestRecorder {
  const none = (): Record<string, number> => Object.fromEntries(operations.map((operation) => [operation, 0]));
  let total = 0;
  let inFlight = 0;
  let maxInFlight = 0;
  let byOperation = none();
  let byStatus: Record<string, number> = {};
  let log: LoggedRequest[] = [];
  return {
    counts: {
      get total() {
        return total;
      },
      get byOperation() {
        return byOperation;
      },
      get byStatus() {
        return byStatus;
      },
      get inFlight() {
        return inFlight;
      },
      get maxInFlight() {
        return maxInFlight;
      },
      get log() {
        return log.slice(-keptRequests);
      },
      of: (operation) => byOperation[operation] ?? 0,
      reset() {
        total = 0;
        maxInFlight = inFlight;
        byOperation = none();
        byStatus = {};
        log = [];
      },
    },
    begin() {
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
      return () => {
        inFlight -= 1;
      };
    },
    answered(subject, answer, request) {
      total += 1;
      byOperation[subject.operation] = (byOperation[subject.operation] ?? 0) + 1;
      byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
      log.push({ ...subject, at: now(), request, status: answer.status, disturbed: answer.delivery !== undefined });
      if (log.length >= 2 * keptRequests) log = log.slice(-keptRequests);
    },
  };
}
