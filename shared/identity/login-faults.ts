import { CollectorError } from '../errors.ts';
import { remedies } from '../remedies.ts';
import type { TenantSettings } from '../settings/settings.ts';
import type { LoginAnswer } from './login-answers.ts';
import { loginMeaning } from './login-codes.ts';

/**
 * Says in one error why a tenant's login failed: `login_refused` (fault, with the AADSTS code) when somebody has to change
 * something, `login_unavailable` (pause) when it may pass by itself.
 *
 * The error has no cause: those of the SDK can carry a request with its headers. What matters of them is in the message.
 */
export function loginFault(error: unknown, tenant: TenantSettings, answer?: LoginAnswer): CollectorError {
  const known = chain(error).find((link) => link instanceof CollectorError);
  if (known) return known;
  const said = [answer?.body ?? '', ...chain(error).map((link) => link.message)].join('\n');
  const status = answer?.status !== undefined && answer.status >= 300 ? answer.status : undefined;
  const externalCode = /AADSTS\d+/.exec(said)?.[0];
  const meaning = externalCode === undefined ? undefined : loginMeaning(externalCode);
  const busy = status !== undefined && (status >= 500 || status === 429 || status === 408);
  const details = {
    ...(externalCode === undefined ? {} : { externalCode }),
    ...(status === undefined ? {} : { status }),
    ...(answer?.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
  };
  const refusal = refusalOf(said, externalCode, busy);
  if (meaning?.code === 'login_refused' || (meaning === undefined && refusal !== undefined)) {
    const what = meaning?.what ?? refusal?.what ?? '';
    const remedy = meaning?.remedy ?? refusal?.remedy ?? '';
    const message = `The login of app ${tenant.clientId} to tenant ${nameOf(tenant)} was refused: ${what}${quote(said, externalCode, tenant)}. Nothing is collected from this tenant until that is put right; the login is tried again every few minutes.`;
    return new CollectorError(message, {
      code: 'login_refused',
      disposition: 'fault',
      remedy: fill(remedy, tenant),
      ...details,
    });
  }
  const what = meaning?.what ?? outage(said, answer, status);
  const message = `The login of app ${tenant.clientId} to tenant ${nameOf(tenant)} at ${tenant.authorityHost} did not work: ${what}${quote(said, externalCode, tenant)}. Collection from this tenant waits and goes on by itself.`;
  const remedy = meaning?.remedy ?? outageRemedy(said, answer);
  return new CollectorError(message, { code: 'login_unavailable', disposition: 'pause', remedy, ...details });
}

/** A refusal that the table of codes does not have. */
function refusalOf(said: string, externalCode: string | undefined, busy: boolean) {
  if (/No User Assigned or Delegated Managed Identity found|Identity not found/i.test(said)) {
    return {
      what: 'the app does not have the managed identity that MANAGED_IDENTITY_CLIENT_ID names',
      remedy:
        'In the Azure portal, the Function App, Settings, Identity, tab User assigned, add that identity, or correct its client id.',
    };
  }
  const isOauthRefusal =
    /\b(invalid_client|unauthorized_client|invalid_request|invalid_scope|invalid_resource|access_denied|invalid_grant)\b/;
  if (busy || !(externalCode !== undefined || isOauthRefusal.test(said))) return undefined;
  return {
    what: 'Entra ID does not accept the app registration or its credential',
    remedy: remedies.login_refused,
  };
}

const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

function outage(said: string, answer: LoginAnswer | undefined, status: number | undefined): string {
  if (said.includes('ManagedIdentityCredential')) return "the app's managed identity endpoint gave no token";
  if (status !== undefined) return `it answered with HTTP status ${status}`;
  if (answer?.networkCode === 'timeout' || /timeout|timed out/i.test(said)) return 'no answer came in time';
  if (answer?.networkCode !== undefined) {
    const why = untrusted.test(answer.networkCode) ? 'its certificate is not trusted' : 'it could not be reached';
    return `${why} (${answer.networkCode})`;
  }
  return 'its answer held no token';
}

function outageRemedy(said: string, answer: LoginAnswer | undefined): string {
  if (said.includes('ManagedIdentityCredential')) {
    return 'If it lasts: a managed identity exists in Azure only, and has to be assigned to the Function App under Settings, Identity.';
  }
  if (untrusted.test(answer?.networkCode ?? '')) {
    return 'Behind a proxy that opens TLS, name its root certificate in NODE_EXTRA_CA_CERTS.';
  }
  return remedies.login_unavailable;
}

function nameOf(tenant: TenantSettings): string {
  return tenant.name === tenant.tenantId ? tenant.tenantId : `${tenant.name} (${tenant.tenantId})`;
}

/** Microsoft's own words: one line, without trace ids, shortened; a credential that a host repeats is taken out. */
function quote(said: string, externalCode: string | undefined, tenant: TenantSettings): string {
  if (externalCode === undefined) return '';
  const clean = withoutSecret(said, tenant);
  const line =
    clean.slice(clean.indexOf(externalCode)).split(/[\r\n"\\]| - (?:Correlation|Trace) ID| Trace ID/)[0] ?? '';
  const words = line.trim();
  return ` (${words.length > 200 ? `${words.slice(0, 200)}…` : words.replace(/\.$/, '')})`;
}

function withoutSecret(said: string, tenant: TenantSettings): string {
  if (tenant.credential.kind !== 'client-secret') return said;
  const secret = tenant.credential.secret.reveal();
  return said.replaceAll(secret, '[secret]').replaceAll(encodeURIComponent(secret), '[secret]');
}

function fill(remedy: string, tenant: TenantSettings): string {
  return remedy
    .replaceAll('{tenantId}', tenant.tenantId)
    .replaceAll('{clientId}', tenant.clientId)
    .replaceAll('{authorityHost}', tenant.authorityHost);
}

/** An error and its causes; the SDK wraps MSAL's errors, and MSAL those of a managed identity. */
function chain(error: unknown): Error[] {
  const links: Error[] = [];
  let link = error;
  while (link instanceof Error && links.length < 8) {
    links.push(link);
    link = link.cause;
  }
  return links;
}
