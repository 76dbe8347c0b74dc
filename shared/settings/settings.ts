import type { Secret } from './secret.ts';

/** The content types of the Management Activity API. */
export const contentTypes = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
  'DLP.All',
] as const;
/** One of the content types. */
export type ContentType = (typeof contentTypes)[number];

/** The Microsoft clouds, each with its own API and login hosts. */
export const clouds = ['worldwide', 'gcc', 'gcchigh', 'dod', 'china'] as const;
/** One of the clouds. */
export type Cloud = (typeof clouds)[number];

/** How the app registration proves itself to the login host. */
export type CredentialSettings =
  | { readonly kind: 'client-secret'; readonly secret: Secret }
  | { readonly kind: 'client-certificate'; readonly pem: Secret }
  | {
      readonly kind: 'managed-identity';
      readonly managedIdentityClientId: string;
    };

/** An intake of Sekoia.io. */
export interface SekoiaSettings {
  readonly type: 'sekoia';
  /** Base URL of the intake, without a slash at its end. */
  readonly url: string;
  readonly intakeKey: Secret;
}
/** Where a tenant's records go. */
export type DestinationSettings = SekoiaSettings;

/** One Microsoft 365 tenant; identified everywhere by `tenantId`, which no other tenant of the app has. */
export interface TenantSettings {
  /** For people; the tenant id where none was given. */
  readonly name: string;
  /** GUID, lower case. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: CredentialSettings;
  readonly cloud: Cloud;
  readonly contentTypes: readonly ContentType[];
  readonly publisherId: string;
  /** Origin of the Management API, such as `https://manage.office.com`. */
  readonly managementApiUrl: string;
  /** Audience of the token, such as `https://manage.office.com/.default`; follows the cloud. */
  readonly tokenScope: string;
  /** Origin of the login host, such as `https://login.microsoftonline.com`. */
  readonly authorityHost: string;
  readonly destination: DestinationSettings;
}

/** Where queue and tables are, and how to get in. */
export type StorageSettings =
  | { readonly kind: 'connection-string'; readonly connectionString: Secret }
  | {
      readonly kind: 'identity';
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      /** Client id of the user-assigned identity; the app's own identity without it. */
      readonly clientId?: string;
    };

/** What names one tenant or a list of them, and cannot be read: it is left out, and the other tenants go on. */
export interface LeftOut {
  /** Such as `TENANTS item 2`, or `TENANTS_3` for a list that is no JSON. */
  readonly where: string;
  readonly tenantId: string | undefined;
  readonly name: string | undefined;
  /** One line a problem: the setting, what is wrong, what was expected, what to do; never a secret. */
  readonly problems: readonly string[];
}

/** Everything an operator can set, checked and with its defaults. */
export interface Settings {
  /** At least one. */
  readonly tenants: readonly TenantSettings[];
  readonly leftOut: readonly LeftOut[];
  /** NCRONTAB, UTC. */
  readonly listingSchedule: string;
  /** NCRONTAB, UTC. */
  readonly reconcileSchedule: string;
  /** 0 to 167. */
  readonly backfillHours: number;
  /** 0 to 167. */
  readonly lateListingHours: number;
  readonly storage: StorageSettings;
}
