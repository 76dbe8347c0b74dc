import { cloudFacts, type SimulatedCloud } from './clouds.ts';
import { encodedPart, unverifiedSignature } from './jwt.ts';
import { createRandom } from './random.ts';

/** A user-assigned managed identity. */
export interface UserAssignedIdentity {
  readonly clientId: string;
  /** Its object id in the directory: the subject of its tokens. */
  readonly principalId: string;
  /** The directory it belongs to. */
  readonly tenantId: string;
  readonly cloud: SimulatedCloud;
}

/** Tokens of managed identities. */
export interface IdentityTokens {
  readonly issued: number;
  issue(identity: UserAssignedIdentity, resource: string, lifetimeSeconds: number): string;
  /** Whether this very token was given out. */
  has(token: string): boolean;
}

/** The issuer of an identity's tokens, as a federated credential has to name it. */
export function issuerOf({ tenantId, cloud }: Pick<UserAssignedIdentity, 'tenantId' | 'cloud'>): string {
  return `${cloudFacts[cloud].loginOrigin}/${tenantId}/v2.0`;
}

/** Whether tokens of this issuer are those of managed identities, which nobody else can have made. */
export function isIdentityIssuer(issuer: unknown): boolean {
  return Object.values(cloudFacts).some(({ loginOrigin }) => String(issuer).startsWith(`${loginOrigin}/`));
}

/** No tokens yet. */
export function createIdentityTokens(seed: number, now: () => number): IdentityTokens {
  const random = createRandom(seed);
  const tokens = new Set<string>();
  return {
    get issued() {
      return tokens.size;
    },
    issue(identity, resource, lifetimeSeconds) {
      const seconds = Math.floor(now() / 1000);
      const payload = {
        aud: resource,
        iss: issuerOf(identity),
        iat: seconds,
        nbf: seconds - 300,
        exp: seconds + lifetimeSeconds,
        azp: identity.clientId,
        idtyp: 'app',
        oid: identity.principalId,
        sub: identity.principalId,
        tid: identity.tenantId,
        uti: random.guid(),
        ver: '2.0',
      };
      const header = { typ: 'JWT', alg: 'RS256', kid: 'simulated-identity' };
      const token = `${encodedPart(header)}.${encodedPart(payload)}.${unverifiedSignature(random.hex8())}`;
      tokens.add(token);
      return token;
    },
    has: (token) => tokens.has(token),
  };
}
