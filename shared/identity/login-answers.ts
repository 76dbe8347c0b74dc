import type { TokenCredentialOptions } from '@azure/identity';

type PolicyConfig = NonNullable<TokenCredentialOptions['additionalPolicies']>[number];

/** What the login host did with the last request, as seen on the wire. */
export interface LoginAnswer {
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** For how long the host asked us to stay away, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The body of a refusal; a success holds a token and is not kept. */
  readonly body?: string;
  /** Why no answer came, such as `ECONNREFUSED` or `timeout`. */
  readonly networkCode?: string;
}

/** Watches the requests of one credential. */
export interface LoginAnswers {
  /** For the `additionalPolicies` of a credential. */
  readonly policy: PolicyConfig;
  last(): LoginAnswer | undefined;
}

/**
 * A policy that bounds each request in time and keeps what was answered: MSAL turns an answer that is not JSON, and every
 * network fault, into one and the same `network_error` without a cause.
 *
 * It also takes `Retry-After` away, for the SDK would sit it out within the call; the caller pauses instead.
 */
export function watchLogin(requestTimeoutMs: number): LoginAnswers {
  let last: LoginAnswer | undefined;
  return {
    policy: {
      position: 'perRetry',
      policy: {
        name: 'watchLogin',
        async sendRequest(request, next) {
          request.timeout = requestTimeoutMs;
          try {
            const answer = await next(request);
            const retryAfterMs = readRetryAfter(answer.headers.get('retry-after'));
            answer.headers.delete('retry-after');
            last = {
              status: answer.status,
              ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
              ...(answer.status >= 400 && answer.bodyAsText ? { body: answer.bodyAsText } : {}),
            };
            return answer;
          } catch (error) {
            last = { networkCode: networkCode(error) };
            throw error;
          }
        },
      },
    },
    last: () => last,
  };
}

/** Seconds alone: a date would have to be read against a clock that may be the one at fault. */
function readRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}

function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError') return 'timeout';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
