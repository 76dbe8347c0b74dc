import { pemWithKey } from './certificate.ts';
import { check, type Given, type GivenSettings } from './given.ts';
import { type Problems, problem } from './problems.ts';
import { Secret } from './secret.ts';
import type { CredentialSettings } from './settings.ts';
import { guid, text } from './values.ts';

/** The three ways to prove an app registration; exactly one is wanted. */
export interface CredentialValues {
  readonly clientSecret: Given | undefined;
  readonly clientCertificate: Given | undefined;
  readonly managedIdentityClientId: Given | undefined;
}

/** The credential of the one-tenant block. */
export function blockCredential(given: GivenSettings): CredentialValues {
  return {
    clientSecret: given.of('CLIENT_SECRET'),
    clientCertificate: given.of('CLIENT_CERTIFICATE'),
    managedIdentityClientId: given.of('MANAGED_IDENTITY_CLIENT_ID'),
  };
}

/** Reads a credential; `missingAt` is the setting to name when there is none. */
export function readCredential(
  values: CredentialValues,
  missingAt: string,
  problems: Problems,
): CredentialSettings | undefined {
  const all = [values.clientSecret, values.clientCertificate, values.managedIdentityClientId];
  const found = all.filter((value) => value !== undefined).map((value) => value.from);
  const one = 'exactly one of client secret, client certificate and managed identity';
  if (found.length === 0) {
    problems.add(missingAt, problem('is missing', one, 'A managed identity needs no secret at all: prefer it.'));
    return undefined;
  }
  if (found.length > 1) {
    const first = found[0] ?? missingAt;
    problems.add(first, problem(`is given together with ${found.slice(1).join(' and ')}`, one, 'Remove the others.'));
    return undefined;
  }
  const secret = check(text, values.clientSecret, problems);
  if (secret) return { kind: 'client-secret', secret: new Secret(secret) };
  const pem = check(pemWithKey, values.clientCertificate, problems);
  if (pem) return { kind: 'client-certificate', pem: new Secret(pem) };
  const managedIdentityClientId = check(guid, values.managedIdentityClientId, problems);
  return managedIdentityClientId ? { kind: 'managed-identity', managedIdentityClientId } : undefined;
}
