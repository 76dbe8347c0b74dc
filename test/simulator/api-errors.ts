import { type Answer, jsonAnswer } from './answer.ts';

/** The error codes of the Management Activity API. Source: its reference, section "Errors"; statuses as seen live. */
const errors = {
  AF10001: [401, 'The permission set ({0}) sent in the request did not include the expected permission {1}.'],
  AF20001: [400, 'Missing parameter: {0}.'],
  AF20002: [400, 'Invalid parameter type: {0}. Expected type: {1}'],
  AF20010: [
    401,
    'The tenant ID passed in the URL ({0}) does not match the tenant ID passed in the access token ({1}).',
  ],
  AF20011: [400, 'Specified tenant ID ({0}) does not exist in the system or has been deleted.'],
  AF20012: [403, 'Specified tenant ID ({0}) is incorrectly configured in the system.'],
  AF20013: [400, 'The tenant ID passed in the URL ({0}) is not a valid GUID.'],
  AF20020: [400, 'The specified content type is not valid.'],
  AF20022: [400, 'No subscription found for the specified content type.'],
  AF20023: [403, 'The subscription was disabled by {0}.'],
  AF20024: [400, 'The subscription is already enabled. No property change.'],
  AF20030: [
    400,
    'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time no more than 7 days in the past.',
  ],
  AF20031: [400, 'Invalid nextPage Input: {0}.'],
  AF20050: [404, 'The specified content ({0}) does not exist.'],
  AF20051: [
    400,
    'Content requested with the key {0} has already expired. Content older than 7 days cannot be retrieved.',
  ],
  AF20052: [400, 'Content ID {0} in the URL is invalid.'],
  AF20053: [400, 'Only one language may be present in the Accept-Language header.'],
  AF20054: [400, 'Invalid syntax in Accept-Language header.'],
  AF20055: [
    400,
    'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time no more than 7 days in the past.',
  ],
  AF429: [403, 'Too many requests. Method={0}, PublisherId={1}'],
  AF50000: [500, 'An internal error occurred. Retry the request.'],
  AF50005: [500, 'An internal error occurred. Retry the request.'],
  AF50006: [500, 'An internal error occurred. Retry the request.'],
} as const satisfies Record<string, readonly [number, string]>;

/** A code of the API's own, such as `AF20050`. */
export type ApiErrorCode = keyof typeof errors;

/** The code with its message, `{0}` and so on filled in. */
export function apiErrorBody(code: ApiErrorCode, details: readonly string[] = []): object {
  const message = errors[code][1].replace(/\{(\d)\}/g, (_, index) => details[Number(index)] ?? '');
  return { error: { code, message } };
}

/** The API's own way to refuse a request. */
export function apiError(
  code: ApiErrorCode,
  details: readonly string[] = [],
  status: number = errors[code][0],
): Answer {
  return jsonAnswer(status, apiErrorBody(code, details));
}

/** What a stale or missing token gets: no code at all. */
export function authorizationDenied(): Answer {
  return jsonAnswer(401, { Message: 'Authorization has been denied for this request.' });
}

/**
 * The broken envelope of a tenant without unified auditing: a diagnostic text that was cut in two at its first colon.
 *
 * Source: MicrosoftDocs/office-365-management-api issue 89 and others that show the same.
 */
export function tenantDoesNotExist(tenantId: string, contentType: string, operation: string, status = 400): Answer {
  const correlation = '9d65c9b5-df65-4c1d-8c69-8b7d4f1d0d2b';
  return jsonAnswer(status, {
    error: {
      code: `${operation} [CorrId=${correlation}][TenantId=${tenantId},ContentType=${contentType},ApplicationId=${tenantId},PublisherId=${tenantId}][AppId`,
      message:
        `${tenantId.slice(1)}] failed. Exception: Microsoft.Office.Compliance.Audit.DataServiceException: ` +
        `Tenant ${tenantId} does not exist.\r\n   at Microsoft.Office.Compliance.Audit.API.AzureManager.` +
        '<GetSubscriptionTableClientForTenantAsync>d__52.MoveNext()\r\n--- End of stack trace from previous location ---',
    },
  });
}
