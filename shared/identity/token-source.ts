import type { TenantSettings } from '../settings/settings.ts';
import { type IssuedToken, type LoadCredential, loadCredential as loadAzureCredential } from './credential.ts';
import { loginFault } from './login-faults.ts';
import { waitFor } from './wait-for.ts';

/**
 * The access tokens of one tenant for the Management API.
 *
 * However many callers there are, one request at a time goes to the login host, and a caller that gives up does not stop it for
 * the others. Failures are not kept: the next call asks again.
 *
 * @throws CollectorError `login_refused` (fault) or `login_unavailable` (pause); the signal's reason when it is aborted.
 */
export interface TokenSource {
  /** A token with some life left. */
  token(signal?: AbortSignal): Promise<string>;
  /**
   * A token other than one that the API has rejected: a newer one where there is one already, else a new login. The same rejected
   * token causes one login a minute at most, should the login host repeat itself.
   */
  renew(rejectedToken: string, signal?: AbortSignal): Promise<string>;
}

/** Whose tokens, by which clock, and how a login is made. */
export interface TokenSourceOptions {
  readonly tenant: TenantSettings;
  /** Wall clock in milliseconds since 1970. */
  readonly now: () => number;
  /** How a login is made; by @azure/identity without it. */
  readonly loadCredential?: LoadCredential;
  /** How long a login may take as a whole, in milliseconds; 30,000 without it. */
  readonly timeoutMs?: number;
}

interface HeldToken {
  readonly value: string;
  /** From then on a new one is fetched in the background. */
  readonly renewFrom: number;
  /** From then on nobody gets this one any more. */
  readonly usableUntil: number;
}

const renewBeforeMs = 5 * 60_000;
const unusableBeforeMs = 60_000;
const quietAfterFailureMs = 30_000;
const sameRejectionMs = 60_000;

/** The token source of one tenant; makes no request before the first call. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { tenant, now, loadCredential = loadAzureCredential, timeoutMs = 30_000 } = options;
  let held: HeldToken | undefined;
  let login: Promise<string> | undefined;
  let noBackgroundBefore = 0;
  let lastRejection = { token: '', at: 0 };

  async function logIn(): Promise<string> {
    try {
      const credential = loadCredential(tenant).then((fresh) => fresh.getToken(tenant.tokenScope));
      const issued = await waitFor(credential, AbortSignal.timeout(timeoutMs));
      held = hold(issued, now());
      return held.value;
    } catch (error) {
      noBackgroundBefore = now() + quietAfterFailureMs;
      throw loginFault(error, tenant);
    }
  }

  function ask(): Promise<string> {
    if (login === undefined) {
      login = logIn().finally(() => {
        login = undefined;
      });
      // Whoever waits hears of the failure; when nobody does, it must not end the process. The next call asks again.
      login.catch(() => undefined);
    }
    return login;
  }

  async function token(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const time = now();
    if (held === undefined || time >= held.usableUntil) return waitFor(ask(), signal);
    if (time >= held.renewFrom && time >= noBackgroundBefore) ask();
    return held.value;
  }

  return {
    token,
    async renew(rejectedToken, signal) {
      const repeated = lastRejection.token === rejectedToken && now() < lastRejection.at + sameRejectionMs;
      if (held?.value === rejectedToken && !repeated) {
        held = undefined;
        lastRejection = { token: rejectedToken, at: now() };
      }
      return token(signal);
    },
  };
}

/** A token that lives shorter than usual is renewed later in its life, or every call would fetch one. */
function hold(issued: IssuedToken, time: number): HeldToken {
  const expires = issued.expiresOnTimestamp;
  const life = Math.max(0, expires - time);
  return {
    value: issued.token,
    renewFrom: expires - Math.min(renewBeforeMs, life / 4),
    usableUntil: expires - Math.min(unusableBeforeMs, life / 8),
  };
}
