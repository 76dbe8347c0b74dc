import { X509Certificate } from 'node:crypto';
import { dayMs, durationText } from '../durations.ts';
import { CollectorError } from '../errors.ts';
import { remedies } from '../remedies.ts';
import type { CredentialSettings } from '../settings/settings.ts';
import { type Finding, failed, ok, warning } from './check.ts';

const soonMs = 30 * dayMs;

/** What of a certificate a person has to know. */
export interface CredentialCertificate {
  /** With its thumbprint, as the beginning of a sentence. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** When the credential expires, where that can be read without further permissions. */
export function checkCredential(credential: CredentialSettings, now: number): Finding {
  const certificate = certificateOf(credential);
  if (certificate) return checkCertificate(certificate, now);
  if (credential.kind === 'managed-identity')
    return ok('credential', 'A managed identity: there is no secret, and nothing that expires.');
  return ok(
    'credential',
    'A client secret. Its expiry cannot be read with the permission to read audit logs: see Certificates & secrets of the app registration.',
  );
}

/** The certificate of a credential that has one. */
export function certificateOf(credential: CredentialSettings): CredentialCertificate | undefined {
  if (credential.kind !== 'client-certificate') return undefined;
  const pem = credential.pem.reveal();
  const first = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? '';
  const { validToDate, fingerprint } = new X509Certificate(first);
  const name = `The certificate with the thumbprint ${fingerprint.replaceAll(':', '')}`;
  return { name, expires: validToDate.getTime() };
}

/** Whether it is time for a new one. */
export function expiresSoon({ expires }: CredentialCertificate, now: number): boolean {
  return expires - now < soonMs;
}

function checkCertificate(certificate: CredentialCertificate, now: number): Finding {
  const { name, expires } = certificate;
  const left = expires - now;
  const on = new Date(expires).toISOString().slice(0, 10);
  const renew = remedies.credential_expiring;
  if (left <= 0) {
    const message = `${name} expired on ${on}. Entra ID refuses it.`;
    return failed(
      'credential',
      new CollectorError(message, { code: 'login_refused', disposition: 'fault', remedy: renew }),
    );
  }
  if (expiresSoon(certificate, now))
    return warning('credential', `${name} expires on ${on}, in ${durationText(left)}.`, renew);
  return ok('credential', `${name} is valid until ${on}.`);
}
