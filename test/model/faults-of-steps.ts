import {
  contentMissing,
  deadPageToken,
  duplicatedItems,
  errorWithStatus200,
  serverError,
  staleToken,
  throttled,
} from '../simulator/api-faults.ts';
import type { FaultAnswer, FaultMatch } from '../simulator/faults.ts';
import { acceptedWith, fewerIds, intakeThrottled } from '../simulator/intake-faults.ts';
import {
  answerLostAfterAcceptance,
  cutConnectionAfter,
  plainText,
  resetBeforeAnswer,
  truncatedBody,
} from '../simulator/wire-faults.ts';
import type { apiFaults, intakeFaults } from './steps.ts';

/** What a fault does, and to which requests. */
interface Fault {
  readonly answer: FaultAnswer;
  readonly match?: FaultMatch;
}

/** The API's faults by the names that steps have for them. */
export function apiFault(name: (typeof apiFaults)[number]): Fault {
  const download = { match: { operation: 'download' } };
  switch (name) {
    case 'throttled':
      return { answer: throttled() };
    case 'throttled-with-wait':
      return { answer: throttled({ status: 429, retryAfter: 120 }) };
    case 'server-error':
      return { answer: serverError() };
    case 'reset':
      return { answer: resetBeforeAnswer() };
    case 'cut':
      return { answer: cutConnectionAfter(700), ...download };
    case 'truncated':
      return { answer: truncatedBody(900), ...download };
    case 'content-missing':
      return { answer: contentMissing(), ...download };
    case 'dead-page-token':
      return { answer: deadPageToken(), match: { operation: 'page' } };
    case 'stale-token':
      return { answer: staleToken() };
    case 'error-with-200':
      return { answer: errorWithStatus200() };
    case 'twice-in-listing':
      return { answer: duplicatedItems(), match: { operation: 'content' } };
  }
}

/** The SIEM's. */
export function intakeFault(name: (typeof intakeFaults)[number]): Fault {
  switch (name) {
    case 'throttled':
      return { answer: intakeThrottled(60) };
    case 'unavailable':
      return { answer: plainText(503, 'Service Unavailable') };
    case 'reset':
      return { answer: resetBeforeAnswer() };
    case 'answer-lost':
      return { answer: answerLostAfterAcceptance() };
    case 'ids-missing':
      return { answer: fewerIds() };
    case 'accepted-202':
      return { answer: acceptedWith(202) };
  }
}
