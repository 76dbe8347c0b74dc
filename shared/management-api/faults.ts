import { CollectorError, type Disposition, type ErrorCode } from '../errors.ts';
import { retryAfter } from '../http/retry-after.ts';

/** What the API's operations are called in messages. */
export type Operation = 'list subscriptions' | 'start subscription' | 'list contents' | 'download content';

/** An answer that is not what was asked for; `body` is its first few kilobytes. */
export interface FaultAnswer {
  readonly operation: Operation;
  readonly tenant: string;
  readonly contentType?: string | undefined;
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | undefined;
}

/** What a code of the API means. */
export interface ApiMeaning {
  readonly code: ErrorCode;
  readonly disposition: Disposition;
  /** What happened and what the product does. */
  readonly says: string;
}

const permission: ApiMeaning = {
  code: 'permission_missing',
  disposition: 'fault',
  says: 'The app registration has no permission to read the audit log, or this content type of it. It is tried again every few minutes.',
};
const mismatch: ApiMeaning = {
  code: 'tenant_mismatch',
  disposition: 'fault',
  says: 'TENANT_ID, CLIENT_ID and CLOUD do not belong together, or the tenant is not set up for this API. It is tried again every few minutes.',
};
const refused: ApiMeaning = {
  code: 'request_refused',
  disposition: 'fault',
  says: 'The API refuses the request as wrong. It is tried again every few minutes.',
};
/** AF20052 for an id that is malformed; one that the API has listed itself is refused by the API of another cloud. */
const otherCloud: ApiMeaning = {
  code: 'cloud_mismatch',
  disposition: 'fault',
  says:
    'The API calls the id of a content wrong that it has listed itself, as the API of another cloud than the tenant does. ' +
    'When content after content meets this, downloads of the tenant wait and are tried again every few minutes.',
};
const windowRefused: ApiMeaning = {
  code: 'window_refused',
  disposition: 'retry',
  says: 'The API refuses the time window. It is asked again with the time of the server.',
};
const unavailable: ApiMeaning = {
  code: 'api_unavailable',
  disposition: 'pause',
  says: 'The API has an internal fault, which can last for days. It is tried again.',
};
const throttled: ApiMeaning = {
  code: 'api_throttled',
  disposition: 'pause',
  says: 'The API throttles this tenant. Its requests wait and then go on.',
};
const auditingOff: ApiMeaning = {
  code: 'auditing_off',
  disposition: 'fault',
  says: 'Unified auditing is off for this tenant, or was turned on less than 60 minutes ago. It is tried again every few minutes.',
};
const typeRefused: ApiMeaning = {
  code: 'type_refused',
  disposition: 'fault',
  says: 'The API refuses this with a fresh token. The other content types go on, and it is tried again every few minutes.',
};
const missing: ApiMeaning = {
  code: 'content_missing',
  disposition: 'retry',
  says: 'The API does not find a content it listed. It is asked for again, later and later, before it is settled as gone.',
};

/**
 * The meaning of every code of the API: the one place where it is decided. Decide on the code, not on the status.
 * Source: Management Activity API reference, "Errors"; the statuses seen on live tenants differ from it.
 */
export const apiMeanings: Readonly<Record<string, ApiMeaning>> = {
  AF10001: permission,
  AF20001: refused,
  AF20002: refused,
  AF20020: refused,
  AF20052: refused,
  AF20053: refused,
  AF20054: refused,
  AF20010: mismatch,
  AF20011: mismatch,
  AF20012: mismatch,
  AF20013: mismatch,
  AF20022: {
    code: 'subscription_missing',
    disposition: 'retry',
    says: 'There is no subscription for this content type. It is started, at most once in 15 minutes.',
  },
  AF20023: {
    code: 'subscription_disabled',
    disposition: 'retry',
    says: 'An administrator has disabled the subscription of this content type. It is started again, at most once in 15 minutes.',
  },
  AF20024: {
    code: 'subscription_enabled',
    disposition: 'continue',
    says: 'The subscription is enabled already.',
  },
  AF20030: windowRefused,
  AF20055: windowRefused,
  AF20031: {
    code: 'page_token_refused',
    disposition: 'relist',
    says: 'The address of the next page is no longer good. The window is listed again from its start.',
  },
  AF20050: missing,
  AF20051: {
    code: 'content_expired',
    disposition: 'expired',
    says: 'The API no longer has this content: its time ran out before it could be forwarded. Its records can no longer be had from it.',
  },
  AF429: throttled,
  AF50000: unavailable,
  AF50005: unavailable,
  AF50006: unavailable,
};

/** Turns an answer into the failure it means, whatever the shape of its body. */
export function apiFault(answer: FaultAnswer): CollectorError {
  const externalCode = /\bAF\d{3,5}\b/.exec(answer.body)?.[0];
  const meaning = meaningOf(answer, externalCode);
  const about = `${answer.tenant}${answer.contentType ? `, ${answer.contentType}` : ''}`;
  const said = externalCode ?? `HTTP ${answer.status}`;
  return new CollectorError(`${meaning.says} (${answer.operation}: ${said}; tenant ${about})`, {
    code: meaning.code,
    disposition: meaning.disposition,
    status: answer.status,
    ...(externalCode === undefined ? {} : { externalCode }),
    ...retryAfter(answer.retryAfter),
  });
}

function meaningOf({ status, body, operation }: FaultAnswer, externalCode: string | undefined): ApiMeaning {
  if (operation === 'download content' && externalCode === 'AF20052') return otherCloud;
  const known = externalCode === undefined ? undefined : apiMeanings[externalCode];
  if (known) return known;
  if (/tenant\b.{0,80}\bdoes not exist/is.test(body)) return auditingOff;
  if (externalCode?.startsWith('AF5') || status >= 500 || status === 408) return unavailable;
  if (status === 429) return throttled;
  if (status === 401 || status === 403) return typeRefused;
  if (operation === 'download content' && status === 404) return missing;
  if (operation === 'download content' && status === 410)
    return { ...missing, code: 'content_expired', disposition: 'expired' };
  if (status >= 200 && status < 400) {
    return {
      code: 'api_answer_invalid',
      disposition: 'retry',
      says: 'The API answered with something that is not what it documents. It is tried again.',
    };
  }
  return refused;
}
