import { type Answer, jsonAnswer, textAnswer, wholeBody } from './answer.ts';
import { type ApiErrorCode, apiError, apiErrorBody, authorizationDenied, tenantDoesNotExist } from './api-errors.ts';
import type { FaultAnswer } from './faults.ts';
import { emptyUnauthorized, htmlPage, plainText } from './wire-faults.ts';

/** Faults of the Management Activity API in its own words. */

function retryAfter(value: string | number | undefined): Record<string, string> {
  return value === undefined ? {} : { 'Retry-After': String(value) };
}

/** AF429. Most often status 403 and no Retry-After, as seen live. */
export function throttled(
  options: { readonly status?: 403 | 429; readonly retryAfter?: string | number } = {},
): FaultAnswer {
  return (_, subject) => {
    const body = apiErrorBody('AF429', ['GET', subject.tenantId ?? '']);
    return jsonAnswer(options.status ?? 403, body, retryAfter(options.retryAfter));
  };
}

/** A failure of the service itself, with a body of the given kind. */
export function serverError(
  options: {
    readonly status?: number;
    readonly body?: 'json' | 'html' | 'text' | 'empty';
    readonly code?: 'AF50000' | 'AF50005' | 'AF50006';
    readonly retryAfter?: string | number;
  } = {},
): FaultAnswer {
  const { status = 500, body = 'json', code = 'AF50000' } = options;
  const headers = retryAfter(options.retryAfter);
  if (body === 'html') return htmlPage(status, headers);
  if (body === 'text') return plainText(status, 'The service is unavailable.', headers);
  if (body === 'empty') return () => ({ status, headers });
  return () => jsonAnswer(status, apiErrorBody(code), headers);
}

/** Any code of the API, with the status it is seen with most or another one. */
export function refusedWith(code: ApiErrorCode, status?: number, details?: readonly string[]): FaultAnswer {
  return (_, subject) =>
    apiError(code, details ?? [subject.contentId ?? subject.tenantId ?? subject.contentType ?? ''], status);
}

/** A code whose envelope is not JSON: the code stands somewhere in a text. */
export function refusedInText(code: ApiErrorCode, status: number): FaultAnswer {
  return () => textAnswer(status, `Error ${code}: the request could not be served`, 'text/plain');
}

/** HTTP 200 with an error object where the array should be. */
export function errorWithStatus200(code: ApiErrorCode = 'AF50000'): FaultAnswer {
  return () => jsonAnswer(200, apiErrorBody(code));
}

/** 404 AF20050: listed, but not there (yet). */
export function contentMissing(status: 404 | 400 = 404): FaultAnswer {
  return refusedWith('AF20050', status);
}

/** AF20051: too late. */
export function contentExpired(status: 400 | 404 | 410 = 410): FaultAnswer {
  return refusedWith('AF20051', status);
}

/** AF20031: the next page token is not accepted (any more). */
export function deadPageToken(): FaultAnswer {
  return refusedWith('AF20031');
}

/** 401 as for a stale token. */
export function staleToken(): FaultAnswer {
  return authorizationDenied;
}

/** 401 without a body: a stale token, or no permission for this one type. */
export const typeRefused: () => FaultAnswer = emptyUnauthorized;

/** The broken envelope of a tenant whose unified auditing is off. */
export function auditingOff(status: 400 | 500 = 400): FaultAnswer {
  return (_, subject) =>
    tenantDoesNotExist(subject.tenantId ?? '', subject.contentType ?? '', 'StartSubscription', status);
}

/** One entry of a listing. */
export interface ListedItem {
  readonly contentUri: string;
  readonly contentId: string;
  readonly contentType: string;
  readonly contentCreated: string;
  readonly contentExpiration: string;
}

/** The listing's entries are changed on their way out. */
export function changedItems(change: (items: ListedItem[]) => unknown): FaultAnswer {
  return async (real) => {
    const answer = await real();
    if (answer.status !== 200) return answer;
    const items = JSON.parse((await wholeBody(answer)).toString()) as ListedItem[];
    return { ...answer, body: Buffer.from(JSON.stringify(change(items))) };
  };
}

/** Every entry stands in the listing twice. */
export function duplicatedItems(): FaultAnswer {
  return changedItems((items) => [...items, ...items]);
}

/** Every contentUri leads to another host, same path. */
export function foreignContentUris(origin: string): FaultAnswer {
  return changedItems((items) =>
    items.map((item) => ({ ...item, contentUri: origin + new URL(item.contentUri).pathname })),
  );
}

/** The NextPageUri, if there is one, becomes another. */
export function changedNextPage(change: (address: string) => string): FaultAnswer {
  return async (real): Promise<Answer> => {
    const answer = await real();
    const headers = Object.entries(answer.headers).map(([name, value]) =>
      name.toLowerCase() === 'nextpageuri' ? [name, change(value)] : [name, value],
    );
    return { ...answer, headers: Object.fromEntries(headers) };
  };
}
