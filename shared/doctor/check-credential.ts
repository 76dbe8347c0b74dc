import { X509Certificate } from 'node:crypto';
import { dayMs, durationText } from '../durations.ts';
import { CollectorError } from '../errors.ts';
import type { CredentialSettings } from '../settings/settings.ts';
import { type Finding, failed, ok, warning } from './check.ts';

const soonMs = 30 * dayMs;

/** When the credential expires, where that can be read without further permissions. */
export function checkCredential(credential: CredentialSettings, now: number): Finding {
  switch (credential.kind) {
    case 'managed-identity':
      return ok('credential', 'A managed identity: there is no secret, and nothing that expires.');
    case 'client-secret':
      return ok(
        'credential',
        'A client secret. Its expiry cannot be read with the permission to read audit logs: see Certificates & secrets of the app registration.',
      );
    case 'client-certificate':
      return checkCertificate(credential.pem.reveal(), now);
  }
}

function checkCertificate(pem: string, now: number): Finding {
  const first = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? '';
  const { validToDate, fingerprint } = new X509Certificate(first);
  const left = validToDate.getTime() - now;
  const which = `The certificate with the thumbprint ${fingerprint.replaceAll(':', '')}`;
  const on = validToDate.toISOString().slice(0, 10);
  const renew =
    'Make a new certificate, upload it in Certificates & secrets of the app registration beside the old one, then change CLIENT_CERTIFICATE.';
  if (left <= 0) {
    const message = `${which} expired on ${on}. Entra ID refuses it.`;
    return failed(
      'credential',
      new CollectorError(message, { code: 'login_refused', disposition: 'fault', remedy: renew }),
    );
  }
  if (left < soonMs) return warning('credential', `${which} expires on ${on}, in ${durationText(left)}.`, renew);
  return ok('credential', `${which} is valid until ${on}.`);
}
