import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { settingsTable } from '../../shared/settings/settings-table.ts';
import { infraFolder, readInfra } from './bicep-file.ts';

const root = join(infraFolder, '..');
const main = readInfra('main.bicep');
const app = readInfra('function-app.bicep');

/** Keys of objects that are spelled like application settings. */
const set = [main, app].flatMap(({ tokens }) =>
  tokens
    .filter((_, index) => tokens[index + 1]?.text === ':')
    .map(({ text }) => text)
    .filter((text) => /^([A-Z][A-Z\d]*(_[A-Z\d]+)*|AzureWebJobs\w+)$/.test(text)),
);

/** What the host reads and the app does not. */
const hostSettings = [
  'AzureWebJobsStorage__blobServiceUri',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
];

const camelCase = (name: string) => name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('settings', () => {
  it('can all be given, and no others are made up', () => {
    // The template knows no connection string: it would hold a key.
    const own = settingsTable.map(({ name }) => name).filter((name) => name !== 'AzureWebJobsStorage');
    expect([...new Set(set)].sort()).toEqual([...own, ...hostSettings].sort());
  });

  it.each(settingsTable.filter(({ name }) => !name.startsWith('AzureWebJobs')))(
    'has a parameter for $name, empty or with the default of the app',
    ({ name, default: standard = '', secret = false }) => {
      const parameter = main.parameters.get(camelCase(name));
      expect(["''", '[]', `'${standard}'`]).toContain(parameter?.default);
      expect(parameter?.secure).toBe(secret);
      const given = new RegExp(`\\b${name}: (empty\\(\\w+\\) \\? '' : string\\()?${camelCase(name)}\\b`);
      expect(main.text).toMatch(given);
    },
  );

  it.each([
    ['core.windows.net', { AzureWebJobsStorage__accountName: 'account' }],
    [
      'core.usgovcloudapi.net',
      {
        AzureWebJobsStorage__queueServiceUri: 'https://account.queue.core.usgovcloudapi.net/',
        AzureWebJobsStorage__tableServiceUri: 'https://account.table.core.usgovcloudapi.net/',
      },
    ],
  ])('lead the app to the storage account of the cloud, %s', (suffix, storage) => {
    const settings = readSettings({
      TENANT_ID: '11111111-1111-1111-1111-111111111111',
      CLIENT_ID: '22222222-2222-2222-2222-222222222222',
      MANAGED_IDENTITY_CLIENT_ID: '33333333-3333-3333-3333-333333333333',
      SEKOIA_INTAKE_KEY: 'key',
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: '33333333-3333-3333-3333-333333333333',
      ...storage,
    });
    expect(settings.storage).toMatchObject({
      kind: 'identity',
      queueServiceUri: `https://account.queue.${suffix}`,
      tableServiceUri: `https://account.table.${suffix}`,
    });
  });
});

describe('secrets', () => {
  const secure = [...main.parameters].filter(([, { secure }]) => secure).map(([name]) => name);

  it('go from secure parameters into the vault, and only their names anywhere else', () => {
    expect(secure).toEqual(['sekoiaIntakeKey', 'clientSecret', 'clientCertificate', 'secrets']);
    const holding = new RegExp(`\\b(${secure.join('|')}|allSecrets)\\b`);
    const lines = main.text
      .split('\n')
      .filter((line) => !/^\s*(\/\/|@description|param )/.test(line) && holding.test(line));
    expect(lines.map((line) => line.trim())).toEqual([
      'var allSecrets = union(',
      'secrets,',
      'empty(sekoiaIntakeKey) ? {} : { SEKOIA_INTAKE_KEY: sekoiaIntakeKey },',
      'empty(clientSecret) ? {} : { CLIENT_SECRET: clientSecret },',
      'empty(clientCertificate) ? {} : { CLIENT_CERTIFICATE: clientCertificate }',
      'var referenceNames = union(map(items(allSecrets), secret => secret.key), vaultSettings)',
      'secrets: allSecrets',
    ]);
  });

  it('have a secure parameter in the module of the vault, and no output', () => {
    const vault = readInfra('key-vault.bicep');
    expect(vault.parameters.get('secrets')?.secure).toBe(true);
    expect(vault.outputs).toEqual(['id', 'name', 'uri']);
    expect(main.outputs.filter((name) => /SECRET|KEY|CERTIFICATE|CONNECTION/.test(name))).toEqual([]);
  });
});

describe('access', () => {
  it('takes the roles by their ids', () => {
    // Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    const roles = {
      storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
      storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
      storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
      monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
      keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
    };
    const { text } = readInfra('roles.bicep');
    const named = [...text.matchAll(/^ {2}(\w+): '([\da-f-]{36})'$/gm)].map(([, name, id]) => [name, id]);
    expect(Object.fromEntries(named)).toEqual(roles);
    expect(text.match(/roles\.\w+/g)?.map((use) => use.slice('roles.'.length))).toEqual(
      expect.arrayContaining(Object.keys(roles)),
    );
    const assigning = readdirSync(infraFolder).filter(
      (name) => name.endsWith('.bicep') && readInfra(name).text.includes('/roleAssignments@'),
    );
    expect(assigning).toEqual(['roles.bicep']);
  });

  it('knows no keys, no passwords and no plain http', () => {
    const { text: storage } = readInfra('storage.bicep');
    for (const line of ['allowSharedKeyAccess: false', 'allowBlobPublicAccess: false', "minimumTlsVersion: 'TLS1_2'"])
      expect(storage).toContain(line);
    for (const line of ['httpsOnly: true', "minTlsVersion: '1.2'", "ftpsState: 'Disabled'"])
      expect(app.text).toContain(line);
    expect(app.text.match(/'basicPublishingCredentialsPolicies' = \{\n.*\n.*\n {6}allow: false/g)).toHaveLength(2);
    expect(readInfra('monitoring.bicep').text).toContain('DisableLocalAuth: true');
    for (const line of ['enableRbacAuthorization: true', 'enablePurgeProtection: true'])
      expect(readInfra('key-vault.bicep').text).toContain(line);
  });
});

describe('azd', () => {
  it('is given every parameter, each by a variable of its own', () => {
    const { parameters } = JSON.parse(readFileSync(join(infraFolder, 'main.parameters.json'), 'utf8')) as {
      parameters: Record<string, { value: string }>;
    };
    expect(Object.keys(parameters)).toEqual([...main.parameters.keys()]);
    const variables = Object.values(parameters).map(({ value }) => /^\$\{([A-Z][A-Z_]+)\}$/.exec(value)?.[1]);
    expect(new Set(variables).size).toBe(main.parameters.size);
    for (const { name } of settingsTable.filter((entry) => !entry.name.startsWith('AzureWebJobs')))
      expect(variables).toContain(name);
  });

  it('finds folder and function app, and uploads what is built already', () => {
    const { services } = parse(readFileSync(join(root, 'azure.yaml'), 'utf8')) as {
      services: Record<string, { project: string; remoteBuild: boolean }>;
    };
    for (const [name, { project, remoteBuild }] of Object.entries(services)) {
      expect(existsSync(join(root, project, 'host.json'))).toBe(true);
      expect(remoteBuild).toBe(false);
      expect(app.text).toContain(`'azd-service-name': '${name}'`);
    }
    const ignored = readFileSync(join(root, '.funcignore'), 'utf8').split('\n');
    expect(ignored).toContain('/node_modules/*');
    expect(ignored.filter((line) => /^\/?node_modules\/?$/.test(line))).toEqual([]);
  });
});
