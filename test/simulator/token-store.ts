import { cloudFacts } from './clouds.ts';
import { encodedPart, unverifiedSignature } from './jwt.ts';
import { createRandom } from './random.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** An access token that was given out. */
export interface IssuedToken {
  readonly tenantId: string;
  readonly scope: string;
  readonly roles: readonly string[];
  readonly expiresAt: number;
}

/** The access tokens of all tenants. */
export interface TokenStore {
  readonly issued: number;
  issue(tenant: SimulatedTenant, scope: string, lifetimeSeconds: number): string;
  /** The token in an Authorization header, if it is ours, for the Management API, not expired and not revoked. */
  find(authorization: string | undefined): IssuedToken | undefined;
  /** Every token given out so far is refused from now on. */
  revokeAll(): void;
}

/** Scopes of the Management API in its clouds. */
export const managementScopes: ReadonlySet<string> = new Set(Object.values(cloudFacts).map(({ scope }) => scope));

/** No tokens yet. */
export function createTokenStore(seed: number, now: () => number): TokenStore {
  const random = createRandom(seed);
  const tokens = new Map<string, IssuedToken>();
  let issued = 0;

  function forgetExpired(): void {
    const time = now();
    for (const [text, token] of tokens) if (token.expiresAt <= time) tokens.delete(text);
  }

  return {
    get issued() {
      return issued;
    },
    issue(tenant, scope, lifetimeSeconds) {
      if (issued % 256 === 255) forgetExpired();
      issued += 1;
      const seconds = Math.floor(now() / 1000);
      const payload = {
        aud: scope.replace('/.default', ''),
        iss: `https://sts.windows.net/${tenant.tenantId}/`,
        iat: seconds,
        nbf: seconds,
        exp: seconds + lifetimeSeconds,
        appid: tenant.clientId,
        idtyp: 'app',
        roles: tenant.roles,
        tid: tenant.tenantId,
        uti: random.guid(),
        ver: '1.0',
      };
      const header = { typ: 'JWT', alg: 'RS256', kid: 'simulated' };
      const text = `${encodedPart(header)}.${encodedPart(payload)}.${unverifiedSignature(random.hex8())}`;
      tokens.set(text, {
        tenantId: tenant.tenantId,
        scope,
        roles: [...tenant.roles],
        expiresAt: (seconds + lifetimeSeconds) * 1000,
      });
      return text;
    },
    find(authorization) {
      const found = tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
      return found && found.expiresAt > now() && managementScopes.has(found.scope) ? found : undefined;
    },
    revokeAll: () => tokens.clear(),
  };
}
