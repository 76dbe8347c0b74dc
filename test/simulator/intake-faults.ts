import { jsonAnswer, wholeBody } from './answer.ts';
import type { FaultAnswer } from './faults.ts';

/** Faults of the SIEM's intake in its own words; those of wire-faults fit it too. */

/** 429, with or without Retry-After. */
export function intakeThrottled(retryAfter?: string | number): FaultAnswer {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return () => jsonAnswer(429, { message: 'Too many requests' }, headers);
}

/** Any refusal or failure with a JSON body; nothing is accepted. */
export function intakeRefused(status: number, message = 'The request was refused'): FaultAnswer {
  return () => jsonAnswer(status, { message });
}

/** The records are accepted, but the answer names `missing` ids fewer than there were lines. */
export function fewerIds(missing = 1): FaultAnswer {
  return changedIds((ids) => ids.slice(0, Math.max(0, ids.length - missing)));
}

/** The records are accepted, but the ids in the answer are others. */
export function changedIds(change: (ids: string[]) => unknown): FaultAnswer {
  return async (real) => {
    const answer = await real();
    if (answer.status !== 200) return answer;
    const { event_ids } = JSON.parse((await wholeBody(answer)).toString()) as { event_ids: string[] };
    return jsonAnswer(200, { event_ids: change(event_ids) });
  };
}

/** The records are accepted with another status than 200, such as 201 or 202. */
export function acceptedWith(status: number): FaultAnswer {
  return async (real) => {
    const answer = await real();
    return answer.status === 200 ? { ...answer, status } : answer;
  };
}
