import { remedies } from './remedies.ts';

/**
 * Every failure of the product, by what it means. One entry a code in docs/errors.md.
 *
 * - `settings_*`, `login_*`, `credential_*`, `permission_missing`, `tenant_*`, `cloud_*`, `auditing_off`, `request_refused`: somebody has to change something.
 * - `content_*`, `item_*`, `message_invalid`, `address_rejected`: one content, item of a listing or message is at fault.
 * - `api_*`, `destination_*`, `network_*`, `storage_*`: a service is at fault; the product waits and goes on by itself.
 * - `listing_silent`, `executions_crashed`: something is wrong, and where is to be found out.
 * - `paused_by_hand`: somebody wanted it so.
 * - `interval_lost`, `ledger_unbalanced`: what was promised could not be kept, or cannot be shown.
 */
export const errorCodes = [
  'settings_invalid',
  'login_refused',
  'login_unavailable',
  'credential_expiring',
  'permission_missing',
  'type_refused',
  'tenant_mismatch',
  'cloud_mismatch',
  'auditing_off',
  'subscription_missing',
  'subscription_disabled',
  'subscription_enabled',
  'request_refused',
  'window_refused',
  'page_token_refused',
  'interval_lost',
  'listing_silent',
  'item_invalid',
  'content_missing',
  'content_expired',
  'content_malformed',
  'content_changed',
  'content_incomplete',
  'attempts_exhausted',
  'executions_crashed',
  'ledger_unbalanced',
  'claim_lost',
  'message_invalid',
  'address_rejected',
  'api_throttled',
  'api_unavailable',
  'api_answer_invalid',
  'network_unreachable',
  'network_failed',
  'destination_unavailable',
  'destination_throttled',
  'destination_refused_key',
  'destination_refused_batch',
  'destination_batch_too_large',
  'destination_unconfirmed',
  'storage_refused',
  'storage_unavailable',
  'paused_by_hand',
  'deadline_reached',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * What the product does about a failure.
 *
 * - `retry`: this content or window alone is tried again later, with back-off; the attempt is its own.
 * - `pause`: everybody meets this fault; work for that tenant or destination waits, no attempt is used up.
 * - `expired`: the content can no longer be had; it is settled as that.
 * - `quarantine`: the content cannot be forwarded as it is; it is set aside and reported.
 * - `fault`: a person has to change something; tried again now and then.
 * - `continue`: not a failure to act on (a subscription that is already enabled).
 * - `relist`: the window is listed again from its start.
 */
export type Disposition = 'retry' | 'pause' | 'expired' | 'quarantine' | 'fault' | 'continue' | 'relist';

export interface CollectorErrorDetails {
  readonly code: ErrorCode;
  readonly disposition: Disposition;
  /** What to do, whole sentences; that of the code where it is left out. */
  readonly remedy?: string;
  /** For how long the service asked us to stay away, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The service's own code, such as `AF20023` or `AADSTS7000222`. */
  readonly externalCode?: string;
  /** HTTP status of the answer that said so. */
  readonly status?: number;
  readonly cause?: unknown;
}

/**
 * The one error class of the product. Its message says what happened and what the product does about it, its remedy what to do; both are
 * written for an administrator and never hold a secret.
 */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
  readonly code: ErrorCode;
  readonly disposition: Disposition;
  readonly remedy: string;
  readonly retryAfterMs: number | undefined;
  readonly externalCode: string | undefined;
  readonly status: number | undefined;

  constructor(message: string, details: CollectorErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.disposition = details.disposition;
    this.remedy = details.remedy ?? remedies[details.code];
    this.retryAfterMs = details.retryAfterMs;
    this.externalCode = details.externalCode;
    this.status = details.status;
  }
}
