import type { ErrorCode } from '../errors.ts';

/** A gate's pause, or what is remembered of one that has ended; times in milliseconds since 1970. */
export interface Pause {
  /** Nothing passes before this time; after it, one probe at a time does. */
  readonly until: number;
  /** A probe is on its way until then; 0 when none is. */
  readonly probing: number;
  /** When the pause began. */
  readonly since: number;
  /** When work got through again; 0 while the gate is paused. */
  readonly ended: number;
  /** Failed probes in a row, the first failure included. */
  readonly failures: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** First pause and the longest between two probes, by how fast such a fault tends to go away. */
const firstMs: Partial<Readonly<Record<ErrorCode, number>>> = {
  api_throttled: 30 * secondMs,
  destination_throttled: 30 * secondMs,
  destination_unconfirmed: 15 * secondMs,
};
const usualFirstMs = minuteMs;
const longestMs = 15 * minuteMs;
/** A gate that closes again so soon after it opened goes on growing where it was. */
const relapseMs = 10 * minuteMs;
/** What passes at once after a pause, and how long it takes to double. */
const firstAllowance = 8;
const doublingMs = 30 * secondMs;
const fullAllowance = 8_192;

/**
 * The pause after a failure: it begins, or grows when its probe failed, or stays as it is when something fails that was
 * under way when it began. `random` is from 0 to 1.
 */
export function pauseAfter(
  before: Pause | undefined,
  fault: Pick<Pause, 'code' | 'message' | 'remedy'> & { readonly retryAfterMs?: number | undefined },
  now: number,
  random: number,
): Pause {
  const paused = before !== undefined && before.ended === 0;
  if (paused && now < before.until) return before;
  const goesOn = paused || (before !== undefined && now - before.ended < relapseMs);
  const failures = goesOn ? before.failures + 1 : 1;
  const grown = (firstMs[fault.code] ?? usualFirstMs) * 2 ** Math.min(failures - 1, 10);
  const wait = fault.retryAfterMs ?? Math.min(grown, longestMs);
  const { code, message, remedy } = fault;
  return {
    until: now + Math.round(wait * (1 + random / 4)),
    probing: 0,
    since: goesOn ? before.since : now,
    ended: 0,
    failures,
    code,
    message,
    remedy,
  };
}

/** Later than any probe. */
const never = Date.parse('9999-12-31T23:59:59Z');

/** A pause that no probe ends. */
export function handPause(fault: Pick<Pause, 'code' | 'message' | 'remedy'>, now: number): Pause {
  const { code, message, remedy } = fault;
  return { until: never, probing: 0, since: now, ended: 0, failures: 0, code, message, remedy };
}

/** How long a probe has before another is sent. */
export function probeMs(pause: Pause): number {
  return Math.min((firstMs[pause.code] ?? usualFirstMs) * 2 ** Math.min(pause.failures - 1, 10), longestMs);
}

/** How many contents may be dispatched through a gate at a time: none while paused, a few after that, doubling. */
export function allowance(pause: Pause | undefined, now: number): number {
  if (pause === undefined) return Number.POSITIVE_INFINITY;
  if (pause.ended === 0) return now < Math.max(pause.until, pause.probing) ? 0 : 1;
  const grown = firstAllowance * 2 ** Math.min((now - pause.ended) / doublingMs, 30);
  return grown >= fullAllowance ? Number.POSITIVE_INFINITY : Math.floor(grown);
}
