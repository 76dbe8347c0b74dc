import { generate } from 'selfsigned';
import { issuerOf, type UserAssignedIdentity } from './identity-tokens.ts';
import type { ManagedIdentityEndpoint } from './managed-identity-endpoint.ts';
import { createRandom, mixSeeds } from './random.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** The three ways in which a collector can prove itself. */
export type CredentialKind = 'secret' | 'certificate' | 'managed-identity';

/** A certificate for an app registration. */
export interface ClientCertificate {
  /** What is registered: the certificate alone, PEM. */
  readonly registered: string;
  /** What the app gets: key and certificate, PEM. */
  readonly pem: string;
}

/** Makes a certificate with an RSA key; it is registered nowhere yet. It is valid for a year, or until `expires`. */
export async function createClientCertificate(expires?: Date): Promise<ClientCertificate> {
  const validity = expires === undefined ? {} : { notAfterDate: expires };
  const options = { algorithm: 'sha256', keySize: 2048, ...validity } as const;
  const made = await generate([{ name: 'commonName', value: 'collector' }], options);
  return { registered: made.cert, pem: `${made.private}\n${made.cert}\n` };
}

/** The one user-assigned identity that a tenant's collector has; the same each time, and assigned nowhere yet. */
export function identityOf({ tenantId, cloud }: SimulatedTenant): UserAssignedIdentity {
  const random = createRandom(mixSeeds(Number.parseInt(tenantId.slice(0, 8), 16), 8));
  return { clientId: random.guid(), principalId: random.guid(), tenantId, cloud };
}

/** Registers a credential with the tenant's app and returns the settings that go with it. */
export async function registerCredential(
  kind: CredentialKind,
  tenant: SimulatedTenant,
  endpoint: ManagedIdentityEndpoint,
): Promise<Record<string, string>> {
  if (kind === 'secret') return { CLIENT_SECRET: tenant.clientSecret };
  if (kind === 'certificate') {
    const { registered, pem } = await createClientCertificate();
    tenant.certificates.push(registered);
    return { CLIENT_CERTIFICATE: pem };
  }
  const identity = identityOf(tenant);
  endpoint.assign(identity);
  tenant.federatedCredentials.push({ issuer: issuerOf(identity), subject: identity.principalId });
  return {
    MANAGED_IDENTITY_CLIENT_ID: identity.clientId,
    IDENTITY_ENDPOINT: endpoint.address,
    IDENTITY_HEADER: endpoint.header,
  };
}
