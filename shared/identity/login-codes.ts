/** What one or more of Entra ID's AADSTS codes mean for a login with an app registration. */
export interface LoginMeaning {
  /** Numbers as they follow `AADSTS`. */
  readonly codes: readonly string[];
  /** `login_refused`: somebody has to change something. `login_unavailable`: it passes by itself. */
  readonly code: 'login_refused' | 'login_unavailable';
  /** What happened, as the end of a sentence: "The login … was refused: …". */
  readonly what: string;
  /** What to do, whole sentences; `{tenantId}`, `{clientId}` and `{authorityHost}` are filled in. */
  readonly remedy: string;
}

const secrets = 'In the Microsoft Entra admin center, App registrations, the app, Certificates & secrets,';
const federated = `${secrets} tab Federated credentials,`;
const consent =
  'An administrator of that tenant has to open {authorityHost}/{tenantId}/adminconsent?client_id={clientId} and accept.';
const checkCloud =
  'Check CLOUD: a tenant of GCC High, DoD or China can be reached in its own cloud only, with an app registration there.';
const later = 'Nothing to do: the login is tried again by itself.';

/**
 * The one table of AADSTS codes; a code that is not in it counts as refused, with Microsoft's own words.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes. Observed, not on that page: 7000229 (missing
 * service principal), 700211 to 700213, 7002121 and 7002131 (no matching federated identity record), 700024 (assertion out of
 * its time), 700222, 700226, 700227 and 700236 (such a token is not accepted as an assertion), 500014 (resource disabled).
 */
export const loginMeanings: readonly LoginMeaning[] = [
  {
    codes: ['7000215', '70002'],
    code: 'login_refused',
    what: 'the client secret is wrong',
    remedy: `${secrets} add a client secret and put its value (not its id) into CLIENT_SECRET or the setting that clientSecretSetting names.`,
  },
  {
    codes: ['7000222'],
    code: 'login_refused',
    what: 'the client secret has expired',
    remedy: `${secrets} add a new client secret and put its value into CLIENT_SECRET or the setting that clientSecretSetting names. A managed identity never expires.`,
  },
  {
    codes: ['700016', '700011'],
    code: 'login_refused',
    what: 'the tenant does not know the app',
    remedy: `Check CLIENT_ID and TENANT_ID against the Overview page of the app registration. If the app is registered in another tenant: ${consent}`,
  },
  {
    codes: ['7000229', '65001', '650052', '650056', '650057'],
    code: 'login_refused',
    what: 'the app has no consent in the tenant',
    remedy: `In the Microsoft Entra admin center, App registrations, the app, API permissions, add the application permission ActivityFeed.Read of the Office 365 Management APIs. ${consent}`,
  },
  {
    codes: ['500011'],
    code: 'login_refused',
    what: 'the tenant does not have the Management API of this cloud, or the app has no consent in it',
    remedy: `Check CLOUD: each cloud has a Management API of its own, GCC too. If CLOUD is right, add the application permission ActivityFeed.Read of the Office 365 Management APIs under API permissions of the app. ${consent}`,
  },
  {
    codes: ['90002', '900023', '90019'],
    code: 'login_refused',
    what: 'there is no such tenant in this cloud',
    remedy: `Check TENANT_ID against the Overview page in the Microsoft Entra admin center. ${checkCloud}`,
  },
  {
    codes: ['90038', '900382', '900432'],
    code: 'login_refused',
    what: 'the tenant or the app belongs to another cloud',
    remedy: checkCloud,
  },
  {
    codes: ['700027', '50012', '700030'],
    code: 'login_refused',
    what: 'the certificate is not registered with the app, or has expired',
    remedy: `${secrets} tab Certificates, compare the thumbprint and the expiry date; upload the certificate that CLIENT_CERTIFICATE holds, or renew both.`,
  },
  {
    codes: ['700024'],
    code: 'login_refused',
    what: 'the signed assertion is not within its time, so a clock is wrong',
    remedy: 'Set the clock of the machine that the app runs on; in Azure, restart the app.',
  },
  {
    codes: ['700212', '7002121'],
    code: 'login_refused',
    what: "no federated credential of the app has the audience of the managed identity's token",
    remedy: `The audience follows CLOUD, as in api://AzureADTokenExchange. Check CLOUD, then: ${federated} give the credential of the managed identity the audience that is named above.`,
  },
  {
    codes: ['70021', '700211', '700213', '7002131'],
    code: 'login_refused',
    what: 'no federated credential of the app matches the managed identity',
    remedy: `${federated} add one of the kind Managed identity for the identity of MANAGED_IDENTITY_CLIENT_ID; its subject is the identity's object (principal) id, exactly as written there.`,
  },
  {
    codes: ['700222', '700226', '700227', '700236'],
    code: 'login_refused',
    what: 'the tenant of the app registration does not accept this managed identity',
    remedy:
      'The managed identity and the app registration have to be in the same tenant. Register the app there, as a multi-tenant app if it collects from other tenants, or use a certificate.',
  },
  {
    codes: ['7000112', '70001'],
    code: 'login_refused',
    what: 'the app is disabled in the tenant',
    remedy:
      'In the Microsoft Entra admin center, Enterprise applications, the app, Properties, allow users to sign in to it again.',
  },
  {
    codes: ['500014'],
    code: 'login_refused',
    what: 'the Office 365 Management APIs are disabled in the tenant',
    remedy:
      "Check that the tenant has an active Microsoft 365 subscription, and that the enterprise application Office 365 Management APIs isn't disabled.",
  },
  {
    codes: ['53003', '530032', '530035'],
    code: 'login_refused',
    what: 'a Conditional Access policy blocks the app',
    remedy:
      'In the Microsoft Entra admin center, Sign-in logs, tab Service principal sign-ins, find the policy, and let it admit the app or its outbound addresses.',
  },
  {
    codes: ['50196', '90024', '90055'],
    code: 'login_unavailable',
    what: 'the login host throttles',
    remedy: later,
  },
  {
    codes: ['50033', '50000', '90006', '90012', '90033', '90090', '90091'],
    code: 'login_unavailable',
    what: 'the login host has a passing fault',
    remedy: later,
  },
];

const byCode: ReadonlyMap<string, LoginMeaning> = new Map(
  loginMeanings.flatMap((meaning) => meaning.codes.map((code) => [code, meaning])),
);

/** What a code such as `AADSTS7000222` means; undefined for one that the table does not have. */
export function loginMeaning(externalCode: string): LoginMeaning | undefined {
  return byCode.get(externalCode.replace('AADSTS', ''));
}
