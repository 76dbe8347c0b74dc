import { constants, verify, X509Certificate } from 'node:crypto';
import { cloudFacts } from './clouds.ts';
import { isIdentityIssuer } from './identity-tokens.ts';
import { type Claims, decodedPart } from './jwt.ts';
import type { LoginErrorCode } from './login-errors.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** Why a client's proof of itself is refused. */
export interface ProofRefusal {
  readonly code: LoginErrorCode;
  readonly detail: string;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks a client secret or a client assertion; undefined when the client is who it says.
 *
 * An assertion signed with a registered certificate is verified. One of a federated credential is compared with the registered
 * issuer and subject, for nobody here has the issuer's keys; the tokens of managed identities are known one by one.
 *
 * @param isIssued whether a managed identity was given this token.
 */
export function refuseProof(
  form: ReadonlyMap<string, string>,
  tenant: SimulatedTenant,
  tokenEndpoint: string,
  now: number,
  isIssued: (token: string) => boolean,
): ProofRefusal | undefined {
  const secret = form.get('client_secret');
  if (secret !== undefined) {
    return secret === tenant.clientSecret ? undefined : { code: 7000215, detail: tenant.clientId };
  }
  const assertion = form.get('client_assertion');
  if (assertion === undefined || form.get('client_assertion_type') !== assertionType) {
    return { code: 7000218, detail: '' };
  }
  const parts = assertion.split('.');
  const header = decodedPart(parts[0]);
  const claims = decodedPart(parts[1]);
  if (parts.length !== 3 || !header || !claims) return { code: 50027, detail: '' };
  const seconds = now / 1000;
  const { exp, nbf } = claims;
  if (typeof exp !== 'number' || exp <= seconds || (typeof nbf === 'number' && nbf > seconds + 300)) {
    return { code: 700024, detail: '' };
  }
  if (isSignedByClient(claims, tenant.clientId, tokenEndpoint)) {
    return refuseSigned(assertion, header, claims, tenant, tokenEndpoint);
  }
  if (isIdentityIssuer(claims['iss']) && !isIssued(assertion)) return { code: 50013, detail: '' };
  return refuseFederated(claims, tenant);
}

/** Whether an assertion is the client's own, signed with its certificate, rather than another issuer's. */
export function isSignedByClient(claims: Claims, clientId: string, tokenEndpoint: string): boolean {
  return claims['iss'] === clientId || claims['aud'] === tokenEndpoint;
}

function refuseSigned(
  assertion: string,
  header: Claims,
  claims: Claims,
  tenant: SimulatedTenant,
  tokenEndpoint: string,
): ProofRefusal | undefined {
  if (claims['aud'] !== tokenEndpoint) return { code: 700212, detail: String(claims['aud']) };
  if (claims['iss'] !== tenant.clientId || claims['sub'] !== tenant.clientId) return { code: 700021, detail: '' };
  const [signed = '', signature = ''] = [
    assertion.slice(0, assertion.lastIndexOf('.')),
    assertion.slice(assertion.lastIndexOf('.') + 1),
  ];
  const padding = header['alg'] === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const known = tenant.certificates.some((pem) => {
    const key = new X509Certificate(pem).publicKey;
    return verify('sha256', Buffer.from(signed), { key, padding }, Buffer.from(signature, 'base64url'));
  });
  return known ? undefined : { code: 700027, detail: '' };
}

function refuseFederated(claims: Claims, tenant: SimulatedTenant): ProofRefusal | undefined {
  const ofIssuer = tenant.federatedCredentials.filter(({ issuer }) => issuer === claims['iss']);
  if (ofIssuer.length === 0) return { code: 700211, detail: String(claims['iss']) };
  if (!ofIssuer.some(({ subject }) => subject === claims['sub']))
    return { code: 700213, detail: String(claims['sub']) };
  const { assertionAudience } = cloudFacts[tenant.cloud];
  return claims['aud'] === assertionAudience ? undefined : { code: 700212, detail: String(claims['aud']) };
}
