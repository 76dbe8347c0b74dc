import { type Cloud, clouds } from './settings.ts';

/** The addresses of one Microsoft cloud; every one an origin or scope without a slash at its end. */
export interface CloudAddresses {
  /** Origin of the Management Activity API. */
  readonly managementApiUrl: string;
  /** Audience of the token for that API; follows the cloud even where `MANAGEMENT_API_URL` names another origin. */
  readonly tokenScope: string;
  /** Origin of the login host. */
  readonly authorityHost: string;
  /** Audience under which a managed identity's token is accepted as the assertion of an app registration. */
  readonly assertionScope: string;
}

const publicAssertion = 'api://AzureADTokenExchange/.default';
const governmentAssertion = 'api://AzureADTokenExchangeUSGov/.default';
const chinaAssertion = 'api://AzureADTokenExchangeChina/.default';

/**
 * Where the services of each cloud are. The API host of the China cloud is not documented, and nobody has confirmed it.
 *
 * Source: https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference (API hosts),
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud (login hosts),
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity (assertion audiences).
 */
export const cloudAddresses: Readonly<Record<Cloud, CloudAddresses>> = {
  worldwide: addresses('manage.office.com', 'login.microsoftonline.com', publicAssertion),
  gcc: addresses('manage-gcc.office.com', 'login.microsoftonline.com', publicAssertion),
  gcchigh: addresses('manage.office365.us', 'login.microsoftonline.us', governmentAssertion),
  dod: addresses('manage.protection.apps.mil', 'login.microsoftonline.us', governmentAssertion),
  china: addresses('manage.office365.cn', 'login.partner.microsoftonline.cn', chinaAssertion),
};

/** The cloud whose Management API an origin is. */
export function cloudOfApi(origin: string): Cloud | undefined {
  return clouds.find((cloud) => cloudAddresses[cloud].managementApiUrl === origin);
}

/** Whether an origin is the login host of one of Microsoft's clouds, which instance discovery knows. */
export function isKnownLoginHost(origin: string): boolean {
  return Object.values(cloudAddresses).some((cloud) => cloud.authorityHost === origin);
}

function addresses(apiHost: string, loginHost: string, assertionScope: string): CloudAddresses {
  const managementApiUrl = `https://${apiHost}`;
  return {
    managementApiUrl,
    tokenScope: `${managementApiUrl}/.default`,
    authorityHost: `https://${loginHost}`,
    assertionScope,
  };
}
