/** One application setting, as the documentation shows it. */
export interface SettingEntry {
  readonly name: string;
  /** The value that a missing setting has; absent where there is no fixed one. */
  readonly default?: string;
  /** What happens without the setting, where no fixed default says it. */
  readonly whenMissing?: string;
  /** One line without a full stop. */
  readonly meaning: string;
  /** Its value must never be shown. */
  readonly secret?: true;
}

const entries = [
  {
    name: 'TENANT_ID',
    whenMissing: 'required',
    meaning: 'tenant GUID whose audit log is collected',
  },
  {
    name: 'CLIENT_ID',
    whenMissing: 'required',
    meaning: 'application (client) id of the app registration',
  },
  {
    name: 'CLIENT_SECRET',
    whenMissing: 'one of these three',
    meaning: 'client secret',
    secret: true,
  },
  {
    name: 'CLIENT_CERTIFICATE',
    whenMissing: 'one of these three',
    meaning: 'PEM with certificate and private key; `\\n` escapes and base64 of the PEM are accepted',
    secret: true,
  },
  {
    name: 'MANAGED_IDENTITY_CLIENT_ID',
    whenMissing: 'one of these three',
    meaning: 'user-assigned managed identity that is a federated credential of the app registration: no secret at all',
  },
  {
    name: 'CLOUD',
    default: 'worldwide',
    meaning: '`worldwide`, `gcc`, `gcchigh`, `dod`, `china`',
  },
  {
    name: 'CONTENT_TYPES',
    default: 'Audit.AzureActiveDirectory,Audit.Exchange,Audit.SharePoint,Audit.General',
    meaning: 'comma list of content types; `DLP.All` on request',
  },
  {
    name: 'PUBLISHER_ID',
    whenMissing: '`TENANT_ID`',
    meaning: 'PublisherIdentifier (a GUID) of every API request',
  },
  {
    name: 'TENANTS',
    whenMissing: 'the one tenant above',
    meaning: 'JSON array of several tenants; `TENANTS_2`, `TENANTS_3`, … are appended to it',
  },
  {
    name: 'LISTING_SCHEDULE',
    default: '0 * * * * *',
    meaning: 'NCRONTAB (UTC) of the listing timer',
  },
  {
    name: 'RECONCILE_SCHEDULE',
    default: '30 */10 * * * *',
    meaning: 'NCRONTAB (UTC) of the reconciling timer',
  },
  {
    name: 'BACKFILL_HOURS',
    default: '24',
    meaning: 'how far back the first listing of a content type starts; 0 to 167',
  },
  {
    name: 'LATE_LISTING_HOURS',
    default: '24',
    meaning: 'how long a blob may become listable behind the checkpoint and still be found; 0 to 167',
  },
  {
    name: 'DESTINATION',
    default: 'sekoia',
    meaning: 'where the records go: `sekoia`',
  },
  {
    name: 'SEKOIA_INTAKE_KEY',
    whenMissing: 'required for `sekoia`',
    meaning: 'intake key of a "Microsoft 365 / Office 365" intake',
    secret: true,
  },
  {
    name: 'SEKOIA_REGION',
    default: 'fra1',
    meaning: '`fra1`, `fra2`, `mco1`, `uae1`, `usa1`, …',
  },
  {
    name: 'SEKOIA_INTAKE_URL',
    whenMissing: 'from `SEKOIA_REGION`',
    meaning: "base URL instead of the region's",
  },
  {
    name: 'AzureWebJobsStorage',
    whenMissing: 'required, or the identity form below',
    meaning:
      'connection string of the storage account of queue and tables; `UseDevelopmentStorage=true` for a local run',
    secret: true,
  },
  {
    name: 'AzureWebJobsStorage__accountName',
    whenMissing: 'identity form',
    meaning: 'storage account in the public Azure cloud, reached with a managed identity',
  },
  {
    name: 'AzureWebJobsStorage__queueServiceUri',
    whenMissing: 'from the account name',
    meaning: 'queue service instead of `https://{account}.queue.core.windows.net`',
  },
  {
    name: 'AzureWebJobsStorage__tableServiceUri',
    whenMissing: 'from the account name',
    meaning: 'table service instead of `https://{account}.table.core.windows.net`',
  },
  {
    name: 'AzureWebJobsStorage__credential',
    whenMissing: '`managedidentity`',
    meaning: 'kind of identity; `managedidentity` alone is supported',
  },
  {
    name: 'AzureWebJobsStorage__clientId',
    whenMissing: "the app's own identity",
    meaning: 'client id of the user-assigned identity for the storage account',
  },
  {
    name: 'MANAGEMENT_API_URL',
    whenMissing: 'from `CLOUD`',
    meaning: 'scheme and host of the Management API',
  },
  {
    name: 'AUTHORITY_HOST',
    whenMissing: 'from `CLOUD`',
    meaning: 'login host, https only',
  },
] as const satisfies readonly SettingEntry[];

/** The name of a setting, without the numbered ones of `TENANTS`. */
export type SettingName = (typeof entries)[number]['name'];

/** Every setting of the product in the order of its documentation; the README's table says the same. */
export const settingsTable: readonly SettingEntry[] = entries;

const byName: ReadonlyMap<string, SettingEntry> = new Map(entries.map((entry) => [entry.name, entry]));

/** The entry of one setting; absent where the product has no setting of that name. */
export function findSetting(name: string): SettingEntry | undefined {
  return byName.get(/^TENANTS_([2-9]|[1-9]\d+)$/.test(name) ? 'TENANTS' : name);
}
