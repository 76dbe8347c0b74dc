import { durationText, minuteMs } from '../durations.ts';
import type { ErrorCode } from '../errors.ts';
import { remedies } from '../remedies.ts';
import type { PauseStatus, StateWord, TypeStatus } from './status.ts';

/** A content that waits for longer than this is behind; in ordinary work it takes a minute or two. */
export const behindMs = 15 * minuteMs;
/** So long without anything new is quiet. */
const quietHours = 24;

/** Pauses for these end only when somebody acts. */
const needsSomebody: ReadonlySet<ErrorCode> = new Set([
  'login_refused',
  'permission_missing',
  'type_refused',
  'tenant_mismatch',
  'cloud_mismatch',
  'auditing_off',
  'request_refused',
  'destination_refused_key',
  'destination_refused_batch',
]);

/** How a content type is, in a word and a sentence, with what to do where something is to be done. */
export interface Verdict {
  readonly state: StateWord;
  readonly sentence: string;
  readonly remedy?: string;
  readonly code?: ErrorCode;
}

/** What a verdict is made of. */
export interface TypeFacts
  extends Pick<TypeStatus, 'listedUntil' | 'open' | 'quarantined' | 'pauses' | 'hours' | 'lost'> {
  /** The last failure of the subscription, which has not been mended. */
  readonly subscriptionFault?:
    | { readonly code: ErrorCode; readonly message: string; readonly remedy: string }
    | undefined;
}

/** The worst that is true now; what went wrong in the last 7 days stands in the hours and sums. */
export function verdictOf(facts: TypeFacts, now: number): Verdict {
  const { pauses, subscriptionFault, listedUntil, open, quarantined } = facts;
  const broken = pauses.find(({ code }) => needsSomebody.has(code));
  if (broken) return told('broken', broken);
  if (subscriptionFault) return told('broken', subscriptionFault);
  const [pause] = pauses;
  if (pause) return told('paused', pause);
  if (listedUntil === null)
    return { state: 'quiet', sentence: 'It has not been listed yet; the first run comes within minutes.' };
  const unlistedMs = now - Date.parse(listedUntil);
  if (unlistedMs > behindMs) {
    return {
      state: 'behind',
      sentence: `Nothing has been listed for ${durationText(unlistedMs)}.`,
      remedy: 'See whether the timer list-content runs, and what listing.failed and run.failed say in the log.',
    };
  }
  const waitingMs = open.oldestListed === null ? 0 : now - Date.parse(open.oldestListed);
  if (waitingMs > behindMs) {
    const sentence = `${countOf(open)} wait to be forwarded, the oldest for ${durationText(waitingMs)}.`;
    return { state: 'behind', sentence, remedy: reasonOf(open.codes) };
  }
  if (quarantined.contents > 0) {
    const sentence = `${countOf(quarantined)} are set aside and tried again every few hours; all others arrive.`;
    return { state: 'behind', sentence, remedy: reasonOf(quarantined.codes) };
  }
  const lately = facts.hours.slice(-quietHours).reduce((sum, { listed }) => sum + listed, 0);
  if (lately === 0) return { state: 'quiet', sentence: 'Listing works; nothing was created in the last 24 hours.' };
  return { state: 'ok', sentence: `Everything listed arrives: ${lately} contents in the last 24 hours.` };
}

function told(state: StateWord, { message, remedy, code }: Pick<PauseStatus, 'message' | 'remedy' | 'code'>): Verdict {
  return { state, sentence: message, remedy, code };
}

/** What to do about the commonest of the failures. */
function reasonOf(codes: Readonly<Record<string, number>>): string {
  const [commonest] = Object.entries(codes).sort(([, one], [, other]) => other - one);
  const remedy = commonest && (remedies as Readonly<Record<string, string>>)[commonest[0]];
  return remedy ?? 'Nothing at first: it is worked off. If it grows, see the destination and the instances of the app.';
}

function countOf({ contents, more }: { readonly contents: number; readonly more: boolean }): string {
  if (contents === 1) return '1 content';
  return `${more ? 'At least ' : ''}${contents} contents`;
}
