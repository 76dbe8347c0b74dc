import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../shared/errors.ts';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { clientId, type Environment, oneTenant, problemsOf } from './environments.ts';

const reference = '@Microsoft.KeyVault(SecretUri=https://my-vault.vault.azure.net/secrets/client-secret/)';
const noStorage = { AzureWebJobsStorage: undefined };

/** What is changed in good settings, the setting that the error names, and words of its line that no other case shares. */
const wrong: readonly (readonly [change: Environment, setting: string, words: string])[] = [
  [{ TENANT_ID: undefined }, 'TENANT_ID', 'is missing; expected the GUID of the tenant'],
  [{ TENANT_ID: '   ' }, 'TENANT_ID', 'is missing; expected the GUID of the tenant'],
  [{ TENANT_ID: 'contoso.onmicrosoft.com' }, 'TENANT_ID', 'is a domain name and not a GUID'],
  [{ TENANT_ID: '8d3c1e0a-5b7f' }, 'TENANT_ID', 'is not a GUID (its length is 13)'],
  [{ CLIENT_ID: undefined }, 'CLIENT_ID', 'is missing; expected the application (client) id'],
  [{ CLIENT_ID: 'my app' }, 'CLIENT_ID', 'is not a GUID (its length is 6)'],
  [{ PUBLISHER_ID: 'contoso' }, 'PUBLISHER_ID', 'is not a GUID (its length is 7)'],
  [
    { CLIENT_SECRET: undefined },
    'CLIENT_SECRET, CLIENT_CERTIFICATE or MANAGED_IDENTITY_CLIENT_ID',
    'expected exactly one of',
  ],
  [
    { CLIENT_CERTIFICATE: 'x', MANAGED_IDENTITY_CLIENT_ID: clientId },
    'CLIENT_SECRET',
    'is given together with CLIENT_CERTIFICATE and MANAGED_IDENTITY_CLIENT_ID',
  ],
  [{ MANAGED_IDENTITY_CLIENT_ID: clientId }, 'CLIENT_SECRET', 'is given together with MANAGED_IDENTITY_CLIENT_ID;'],
  [
    { CLIENT_SECRET: undefined, MANAGED_IDENTITY_CLIENT_ID: 'my-identity' },
    'MANAGED_IDENTITY_CLIENT_ID',
    'is not a GUID (its length is 11)',
  ],
  [
    { CLIENT_SECRET: reference },
    'CLIENT_SECRET',
    'is a Key Vault reference (secret client-secret in vault my-vault) that Azure has not resolved',
  ],
  [
    { SEKOIA_INTAKE_KEY: '@Microsoft.KeyVault(VaultName=other;SecretName=key)' },
    'SEKOIA_INTAKE_KEY',
    '"Key Vault Secrets User"',
  ],
  [{ AzureWebJobsStorage: reference }, 'AzureWebJobsStorage', "let the vault's firewall admit the app"],
  [{ TENANTS: reference }, 'TENANTS', 'is a Key Vault reference'],
  [{ CLOUD: 'germany' }, 'CLOUD', 'expected one of worldwide, gcc, gcchigh, dod, china'],
  [
    { CONTENT_TYPES: 'Audit.Exchange,Audit.Teams,Audit' },
    'CONTENT_TYPES',
    'lists what is no content type: "Audit.Teams", "Audit"; expected Audit.AzureActiveDirectory, Audit.Exchange',
  ],
  [{ CONTENT_TYPES: ' , ,' }, 'CONTENT_TYPES', 'lists no content type'],
  [{ LISTING_SCHEDULE: '*/5 * * * *' }, 'LISTING_SCHEDULE', 'has five fields'],
  [{ LISTING_SCHEDULE: '00:05:00' }, 'LISTING_SCHEDULE', 'has 1 of six fields'],
  [{ LISTING_SCHEDULE: '0 * * * * * *' }, 'LISTING_SCHEDULE', 'has 7 of six fields'],
  [{ RECONCILE_SCHEDULE: '60 * * * * *' }, 'RECONCILE_SCHEDULE', 'the one for the second'],
  [{ RECONCILE_SCHEDULE: '0 */0 * * * *' }, 'RECONCILE_SCHEDULE', 'the one for the minute'],
  [{ RECONCILE_SCHEDULE: '0 0 5-1 * * *' }, 'RECONCILE_SCHEDULE', 'the one for the hour'],
  [{ RECONCILE_SCHEDULE: '0 0 0 0 * *' }, 'RECONCILE_SCHEDULE', 'the one for the day;' /* 1 to 31 */],
  [{ RECONCILE_SCHEDULE: '0 0 0 1 Foo *' }, 'RECONCILE_SCHEDULE', 'the one for the month'],
  [{ RECONCILE_SCHEDULE: '0 0 0 1 * 7' }, 'RECONCILE_SCHEDULE', 'the one for the day of the week'],
  [{ BACKFILL_HOURS: '168' }, 'BACKFILL_HOURS', 'a whole number from 0 to 167'],
  [{ BACKFILL_HOURS: '-1' }, 'BACKFILL_HOURS', 'a whole number from 0 to 167'],
  [{ LATE_LISTING_HOURS: '1.5' }, 'LATE_LISTING_HOURS', 'a whole number from 0 to 167'],
  [{ LATE_LISTING_HOURS: '1e2' }, 'LATE_LISTING_HOURS', 'a whole number from 0 to 167'],
  [{ DESTINATION: 'splunk' }, 'DESTINATION', 'is not a known destination'],
  [{ SEKOIA_INTAKE_KEY: undefined }, 'SEKOIA_INTAKE_KEY', 'is missing; expected the intake key'],
  [{ SEKOIA_INTAKE_KEY: 'key\r\nX-Other: 1' }, 'SEKOIA_INTAKE_KEY', 'holds a space, a line break'],
  [{ SEKOIA_REGION: 'fra1.evil.example/' }, 'SEKOIA_REGION', 'is not the name of a Sekoia region'],
  [{ SEKOIA_INTAKE_URL: 'intake.sekoia.io' }, 'SEKOIA_INTAKE_URL', 'is not a web address'],
  [{ SEKOIA_INTAKE_URL: 'ftp://intake.sekoia.io' }, 'SEKOIA_INTAKE_URL', 'is not a web address'],
  [{ SEKOIA_INTAKE_URL: 'http://intake.sekoia.io' }, 'SEKOIA_INTAKE_URL', 'uses plain http'],
  [{ SEKOIA_INTAKE_URL: 'http://127.0.0.1.evil.example' }, 'SEKOIA_INTAKE_URL', 'uses plain http'],
  [{ SEKOIA_INTAKE_URL: 'https://me:pass@intake.sekoia.io' }, 'SEKOIA_INTAKE_URL', 'holds a user name or password'],
  [{ SEKOIA_INTAKE_URL: 'https://intake.sekoia.io/plain/batch' }, 'SEKOIA_INTAKE_URL', 'the path of one operation'],
  [{ SEKOIA_INTAKE_URL: 'https://intake.sekoia.io/?key=1' }, 'SEKOIA_INTAKE_URL', 'has a query or fragment'],
  [{ MANAGEMENT_API_URL: 'https://manage.office.com/api/v1.0' }, 'MANAGEMENT_API_URL', 'has a path'],
  [{ MANAGEMENT_API_URL: 'https://manage.office.com?x' }, 'MANAGEMENT_API_URL', 'has a query or fragment'],
  [{ MANAGEMENT_API_URL: 'https://a@manage.office.com' }, 'MANAGEMENT_API_URL', 'holds a user name or password'],
  [{ MANAGEMENT_API_URL: 'http://manage.office.com' }, 'MANAGEMENT_API_URL', 'uses plain http'],
  [
    { AUTHORITY_HOST: 'login.microsoftonline.com' },
    'AUTHORITY_HOST',
    'is not a web address; expected an https address.',
  ],
  [{ AUTHORITY_HOST: 'http://localhost:8080' }, 'AUTHORITY_HOST', 'uses plain http; expected an https address.'],
  [{ AUTHORITY_HOST: 'https://login.microsoftonline.com/common' }, 'AUTHORITY_HOST', 'has a path'],
  [noStorage, 'AzureWebJobsStorage', 'is missing; expected a connection string, or AzureWebJobsStorage__accountName'],
  [
    { AzureWebJobsStorage: 'https://account.queue.core.windows.net' },
    'AzureWebJobsStorage',
    'is not a connection string',
  ],
  [{ AzureWebJobsStorage: 'AccountName=a' }, 'AzureWebJobsStorage', 'is not a connection string'],
  [
    { ...noStorage, AzureWebJobsStorage__accountName: 'https://account' },
    'AzureWebJobsStorage__accountName',
    'is not the name of a storage account',
  ],
  [
    { ...noStorage, AzureWebJobsStorage__queueServiceUri: 'https://a.queue.core.windows.net' },
    'AzureWebJobsStorage__tableServiceUri',
    'both __queueServiceUri and __tableServiceUri',
  ],
  [
    { ...noStorage, AzureWebJobsStorage__accountName: 'account', AzureWebJobsStorage__credential: 'clientsecret' },
    'AzureWebJobsStorage__credential',
    'is not supported; expected managedidentity',
  ],
  [
    { ...noStorage, AzureWebJobsStorage__accountName: 'account', AzureWebJobsStorage__clientId: 'me' },
    'AzureWebJobsStorage__clientId',
    'is not a GUID (its length is 2)',
  ],
];

describe('a wrong setting', () => {
  it.each(wrong.map(([change, ...rest]) => [...rest, change] as const))('%s %s', (setting, words, change) => {
    const problems = problemsOf({ ...oneTenant, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^- [\w, ]+: .+; expected .+\. .+\.$/);
    expect(problems[0]?.startsWith(`- ${setting}: `)).toBe(true);
    expect(problems[0]).toContain(words);
  });
});

describe('several wrong settings', () => {
  it('are reported in one error', () => {
    const environment = { CLIENT_SECRET: 'x', CLOUD: 'mars', BACKFILL_HOURS: 'all', AUTHORITY_HOST: 'x' };
    let thrown: unknown;
    try {
      readSettings(environment);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CollectorError);
    expect(thrown).toMatchObject({ code: 'settings_invalid', disposition: 'fault' });
    expect(problemsOf(environment).map((line) => line.slice(2, line.indexOf(':')))).toEqual([
      'AUTHORITY_HOST',
      'TENANT_ID',
      'CLIENT_ID',
      'CLOUD',
      'SEKOIA_INTAKE_KEY',
      'BACKFILL_HOURS',
      'AzureWebJobsStorage',
    ]);
  });

  it('are all missing in an empty environment', () => {
    expect(problemsOf({})).toHaveLength(5);
  });
});
