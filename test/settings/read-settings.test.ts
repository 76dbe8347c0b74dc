import { describe, expect, it } from 'vitest';
import { cloudAddresses, isKnownLoginHost } from '../../shared/settings/clouds.ts';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { clouds } from '../../shared/settings/settings.ts';
import { settingsTable } from '../../shared/settings/settings-table.ts';
import { clientId, oneTenant, tenantId } from './environments.ts';

function read(change: Record<string, string | undefined> = {}) {
  const settings = readSettings({ ...oneTenant, ...change });
  const [tenant, ...others] = settings.tenants;
  if (tenant === undefined || others.length > 0) throw new Error('expected one tenant');
  return { settings, tenant };
}

describe('one tenant', () => {
  it('needs five settings and has a default for everything else', () => {
    const { settings, tenant } = read();
    expect(settings).toMatchObject({
      listingSchedule: '0 * * * * *',
      reconcileSchedule: '30 */10 * * * *',
      backfillHours: 24,
      lateListingHours: 24,
      storage: { kind: 'connection-string' },
    });
    expect(tenant).toMatchObject({
      name: tenantId,
      tenantId,
      clientId,
      cloud: 'worldwide',
      contentTypes: ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General'],
      publisherId: tenantId,
      managementApiUrl: 'https://manage.office.com',
      tokenScope: 'https://manage.office.com/.default',
      authorityHost: 'https://login.microsoftonline.com',
      destination: { type: 'sekoia', url: 'https://intake.sekoia.io' },
    });
    expect(tenant.credential.kind === 'client-secret' && tenant.credential.secret.reveal()).toBe(
      'Rq18Q~secret-of-the-app',
    );
    expect(tenant.destination.intakeKey.reveal()).toBe('intake-key-1');
  });

  it('has the defaults that the settings table shows', () => {
    const defaults = settingsTable.flatMap((entry) =>
      entry.default === undefined ? [] : [[entry.name, entry.default]],
    );
    expect(defaults.length).toBeGreaterThan(5);
    expect(readSettings({ ...oneTenant, ...Object.fromEntries(defaults) })).toEqual(readSettings(oneTenant));
  });

  it('takes an empty or blank setting for a missing one, and trims', () => {
    const change = { CLOUD: '', CONTENT_TYPES: '  ', BACKFILL_HOURS: '\t', SEKOIA_INTAKE_KEY: ' intake-key-1\n' };
    expect(readSettings({ ...oneTenant, ...change })).toEqual(readSettings(oneTenant));
    expect(read({ SEKOIA_INTAKE_KEY: ' intake-key-1\n' }).tenant.destination.intakeKey.reveal()).toBe('intake-key-1');
  });

  it('lower-cases ids and names', () => {
    const { tenant } = read({ TENANT_ID: tenantId.toUpperCase(), CLOUD: 'GCCHigh', SEKOIA_REGION: 'FRA2' });
    expect(tenant).toMatchObject({ tenantId, publisherId: tenantId, cloud: 'gcchigh' });
    expect(tenant.destination.url).toBe('https://intake.fra2.sekoia.io/api/v1/intake-http');
  });

  it('keeps each content type once, in the order given', () => {
    const { tenant } = read({ CONTENT_TYPES: 'DLP.All, audit.exchange,,DLP.All' });
    expect(tenant.contentTypes).toEqual(['DLP.All', 'Audit.Exchange']);
  });

  it('uses a managed identity instead of a secret', () => {
    const { tenant } = read({ CLIENT_SECRET: undefined, MANAGED_IDENTITY_CLIENT_ID: clientId.toUpperCase() });
    expect(tenant.credential).toEqual({ kind: 'managed-identity', managedIdentityClientId: clientId });
  });

  it('keeps the publisher apart from the tenant', () => {
    expect(read({ PUBLISHER_ID: clientId }).tenant.publisherId).toBe(clientId);
  });

  it.each([
    ['0', 0],
    ['167', 167],
  ])('reaches back %s hours', (text, hours) => {
    expect(read({ BACKFILL_HOURS: text, LATE_LISTING_HOURS: text }).settings).toMatchObject({
      backfillHours: hours,
      lateListingHours: hours,
    });
  });

  it.each(['0 */5 * * * *', '0 0 9-17 * * MON-FRI', '15,45 * * 1 Jan-Mar 0', '0  30 */2 1-31/2 * 6'])(
    'accepts the schedule %s',
    (text) => {
      expect(read({ LISTING_SCHEDULE: text }).settings.listingSchedule).toBe(text.replace(/ +/g, ' '));
    },
  );
});

describe('clouds', () => {
  it.each(clouds)('knows the addresses of %s', (cloud) => {
    const { tenant } = read({ CLOUD: cloud });
    const { managementApiUrl, tokenScope, authorityHost } = cloudAddresses[cloud];
    expect(tenant).toMatchObject({ managementApiUrl, tokenScope, authorityHost });
    expect(tokenScope).toBe(`${managementApiUrl}/.default`);
    expect(isKnownLoginHost(authorityHost)).toBe(true);
  });

  it('lets a rig move the addresses, while the scope follows the cloud', () => {
    const { tenant } = read({
      CLOUD: 'gcc',
      MANAGEMENT_API_URL: 'http://127.0.0.1:7071/',
      AUTHORITY_HOST: 'https://localhost:7443',
    });
    expect(tenant).toMatchObject({
      managementApiUrl: 'http://127.0.0.1:7071',
      tokenScope: 'https://manage-gcc.office.com/.default',
      authorityHost: 'https://localhost:7443',
    });
    expect(isKnownLoginHost(tenant.authorityHost)).toBe(false);
  });
});

describe('the Sekoia intake', () => {
  it.each([
    [{ SEKOIA_REGION: 'usa1' }, 'https://intake.usa1.sekoia.io/api/v1/intake-http'],
    [{ SEKOIA_REGION: 'usa1', SEKOIA_INTAKE_URL: 'https://app.usa1.sekoia.io/in/' }, 'https://app.usa1.sekoia.io/in'],
    [{ SEKOIA_INTAKE_URL: 'http://[::1]:8080' }, 'http://[::1]:8080'],
  ])('is found with %j', (change, url) => {
    expect(read(change).tenant.destination.url).toBe(url);
  });
});

describe('storage', () => {
  const storageOf = (change: Record<string, string | undefined>) =>
    readSettings({ ...oneTenant, AzureWebJobsStorage: undefined, ...change }).storage;
  const connection = (text: string) => {
    const storage = storageOf({ AzureWebJobsStorage: text });
    return storage.kind === 'connection-string' ? storage.connectionString.reveal() : storage;
  };

  it('writes a connection string the way the JavaScript SDKs read it', () => {
    expect(connection('usedevelopmentstorage = TRUE')).toBe('UseDevelopmentStorage=true');
    expect(connection('AccountName=a;AccountKey=b==;')).toBe(
      'AccountName=a;AccountKey=b==;DefaultEndpointsProtocol=https;EndpointSuffix=core.windows.net',
    );
    const azurite =
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=b;QueueEndpoint=http://h/a;TableEndpoint=http://h/a';
    expect(connection(azurite)).toBe(azurite);
    const sas = 'QueueEndpoint=https://q;TableEndpoint=https://t;SharedAccessSignature=sv=1';
    expect(connection(sas)).toBe(sas);
  });

  it('finds the services of an account reached with an identity', () => {
    expect(storageOf({ AzureWebJobsStorage__accountName: 'account1' })).toEqual({
      kind: 'identity',
      queueServiceUri: 'https://account1.queue.core.windows.net',
      tableServiceUri: 'https://account1.table.core.windows.net',
    });
    expect(
      storageOf({
        AzureWebJobsStorage__queueServiceUri: 'https://a.queue.core.usgovcloudapi.net/',
        AzureWebJobsStorage__tableServiceUri: 'https://a.table.core.usgovcloudapi.net',
        AzureWebJobsStorage__credential: 'managedIdentity',
        AzureWebJobsStorage__clientId: clientId.toUpperCase(),
      }),
    ).toEqual({
      kind: 'identity',
      queueServiceUri: 'https://a.queue.core.usgovcloudapi.net',
      tableServiceUri: 'https://a.table.core.usgovcloudapi.net',
      clientId,
    });
  });
});
