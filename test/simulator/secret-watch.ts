import type { ReceivedRequest, Watch } from './http-service.ts';
import { decodedPart } from './jwt.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** Sees every request to every host and what the app logs, and notes each secret that came where it does not belong. */
export interface SecretWatch {
  /** As sentences without the secrets; empty is what to expect. */
  readonly leaks: string[];
  /** Watches one host; `host` is what stands in the sentences. */
  at(host: WatchedHost): Watch;
  /** A line that the app has logged; no secret belongs there. */
  readLog(line: string): void;
}

/** The hosts of the simulated world. */
export type WatchedHost = 'login host' | 'Management API' | 'SIEM' | 'managed identity endpoint' | 'stranger';

/** Longer bodies are batches of records, compressed. */
const watchedBodyBytes = 65_536;
const token = /eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g;

/**
 * Watches the client secrets, intake keys, tokens, assertions and private keys of all tenants.
 *
 * @param identityHeader the secret of the managed identity endpoint, once there is one.
 */
export function createSecretWatch(
  tenants: readonly SimulatedTenant[],
  identityHeader: () => string | undefined,
): SecretWatch {
  const leaks: string[] = [];

  function* secretsIn(text: string): Generator<{ readonly secret: string; readonly of: WatchedHost }> {
    if (/PRIVATE KEY-----/.test(text)) yield { secret: 'a private key', of: 'stranger' };
    for (const { name, clientSecret, intakeKey } of tenants) {
      if (text.includes(clientSecret)) yield { secret: `the client secret of ${name}`, of: 'login host' };
      if (text.includes(intakeKey)) yield { secret: `the intake key of ${name}`, of: 'SIEM' };
    }
    const header = identityHeader();
    if (header && text.includes(header)) yield { secret: 'the identity header', of: 'managed identity endpoint' };
    for (const [, claims] of text.matchAll(token)) {
      const issuer = String(decodedPart(claims)?.['iss']);
      if (issuer.startsWith('https://sts.windows.net/')) yield { secret: 'an access token', of: 'Management API' };
      else yield { secret: 'an assertion', of: 'login host' };
    }
  }

  function note(text: string, where: WatchedHost | 'log'): void {
    for (const { secret, of } of secretsIn(text)) {
      if ((of !== where || where === 'stranger') && leaks.length < 1_000) leaks.push(`${secret} came to the ${where}`);
    }
  }

  return {
    leaks,
    at: (host) => (request) => note(textOf(request), host),
    readLog: (line) => note(line, 'log'),
  };
}

/** Everything a request says, with escapes undone. */
function textOf({ path, query, headers, body }: ReceivedRequest): string {
  const words = [path, ...query.values(), ...Object.values(headers).flat()];
  if (body.length <= watchedBodyBytes && headers['content-encoding'] === undefined) {
    words.push(body.toString(), ...new URLSearchParams(body.toString()).values());
  }
  return words.join('\n');
}
