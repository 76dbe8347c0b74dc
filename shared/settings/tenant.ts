import { cloudAddresses } from './clouds.ts';
import { blockCredential, type CredentialValues, readCredential } from './credential.ts';
import { blockDestination, type DestinationValues, readDestination } from './destination.ts';
import { check, checkRequired, type Given, type GivenSettings } from './given.ts';
import type { Problems } from './problems.ts';
import type { TenantSettings } from './settings.ts';
import { cloudName, contentTypeList, guid, text } from './values.ts';

/** What an operator said about one tenant, in the one-tenant block or in an item of `TENANTS`, before it is checked. */
export interface TenantValues {
  readonly name: Given | undefined;
  readonly tenantId: Given | undefined;
  readonly clientId: Given | undefined;
  readonly cloud: Given | undefined;
  readonly contentTypes: Given | undefined;
  readonly publisherId: Given | undefined;
  readonly credential: CredentialValues;
  readonly destination: DestinationValues;
  /** The settings to name when one of these is missing. */
  readonly missingAt: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly credential: string;
    readonly intakeKey: string;
  };
}

/** The addresses that all tenants of the app share instead of those of their cloud. */
export interface AddressOverrides {
  readonly managementApiUrl: string | undefined;
  readonly authorityHost: string | undefined;
}

/** The values of the one-tenant block. */
export function blockTenant(given: GivenSettings): TenantValues {
  return {
    name: undefined,
    tenantId: given.of('TENANT_ID'),
    clientId: given.of('CLIENT_ID'),
    cloud: given.of('CLOUD'),
    contentTypes: given.of('CONTENT_TYPES'),
    publisherId: given.of('PUBLISHER_ID'),
    credential: blockCredential(given),
    destination: blockDestination(given),
    missingAt: {
      tenantId: 'TENANT_ID',
      clientId: 'CLIENT_ID',
      credential: 'CLIENT_SECRET, CLIENT_CERTIFICATE or MANAGED_IDENTITY_CLIENT_ID',
      intakeKey: 'SEKOIA_INTAKE_KEY',
    },
  };
}

/** Checks one tenant's values; undefined when something is wrong with them, which is then noted. */
export function readTenant(
  values: TenantValues,
  overrides: AddressOverrides,
  problems: Problems,
): TenantSettings | undefined {
  const { missingAt } = values;
  const tenantId = checkRequired(guid, values.tenantId, missingAt.tenantId, 'the GUID of the tenant', problems);
  const app = 'the application (client) id of the app registration, a GUID';
  const clientId = checkRequired(guid, values.clientId, missingAt.clientId, app, problems);
  const cloud = check(cloudName, values.cloud, problems);
  const types = check(contentTypeList, values.contentTypes, problems);
  const publisherId = values.publisherId === undefined ? tenantId : check(guid, values.publisherId, problems);
  const credential = readCredential(values.credential, missingAt.credential, problems);
  const destination = readDestination(values.destination, missingAt.intakeKey, problems);
  const name = check(text, values.name, problems) ?? tenantId;
  if (!name || !tenantId || !clientId || !cloud || !types || !publisherId || !credential || !destination) {
    return undefined;
  }
  const addresses = cloudAddresses[cloud];
  return {
    name,
    tenantId,
    clientId,
    credential,
    cloud,
    contentTypes: types,
    publisherId,
    managementApiUrl: overrides.managementApiUrl ?? addresses.managementApiUrl,
    tokenScope: addresses.tokenScope,
    authorityHost: overrides.authorityHost ?? addresses.authorityHost,
    destination,
  };
}
