import { describe, expect, it } from 'vitest';
import { readSettings } from '../../shared/settings/read-settings.ts';
import type { TenantSettings } from '../../shared/settings/settings.ts';
import { clientId, type Environment, otherTenantId, problemsOf, shared, tenantId } from './environments.ts';

const contoso = {
  name: 'Contoso',
  tenantId,
  clientSecretSetting: 'CONTOSO_SECRET',
  destination: { intakeKeySetting: 'CONTOSO_KEY' },
};
const fabrikam = {
  tenantId: otherTenantId,
  managedIdentityClientId: clientId,
  destination: { intakeKeySetting: 'FABRIKAM_KEY' },
};

function list(tenants: unknown, more: Environment = {}): Environment {
  return { ...shared, TENANTS: JSON.stringify(tenants), ...more };
}

function readTenants(environment: Environment): readonly TenantSettings[] {
  return readSettings(environment).tenants;
}

describe('several tenants', () => {
  it('each have their own values, and those of the one-tenant block for the rest', () => {
    const [first, second] = readTenants(
      list([{ ...contoso, contentTypes: ['DLP.All'], cloud: 'gcc', publisherId: clientId }, fabrikam], {
        CONTENT_TYPES: 'Audit.Exchange',
      }),
    );
    expect(first).toMatchObject({
      name: 'Contoso',
      tenantId,
      clientId,
      cloud: 'gcc',
      contentTypes: ['DLP.All'],
      publisherId: clientId,
      managementApiUrl: 'https://manage-gcc.office.com',
    });
    expect(first?.credential.kind === 'client-secret' && first.credential.secret.reveal()).toBe('contoso~secret');
    expect(first?.destination.intakeKey.reveal()).toBe('contoso-intake-key');
    expect(second).toMatchObject({
      name: otherTenantId,
      cloud: 'worldwide',
      contentTypes: ['Audit.Exchange'],
      publisherId: otherTenantId,
      credential: { kind: 'managed-identity', managedIdentityClientId: clientId },
    });
    expect(second?.destination.intakeKey.reveal()).toBe('fabrikam-intake-key');
  });

  it('inherit the whole credential of the block, or none of it', () => {
    const block = { CLIENT_CERTIFICATE: 'unused', MANAGED_IDENTITY_CLIENT_ID: clientId, CLIENT_SECRET: 'of~all' };
    expect(readTenants(list([contoso, fabrikam], block))).toHaveLength(2);
    const heirs = list([{ tenantId }, { tenantId: otherTenantId, name: null }], {
      CLIENT_SECRET: 'of~all',
      SEKOIA_INTAKE_KEY: 'key-of-all',
    });
    expect(readTenants(heirs).map((t) => t.credential.kind)).toEqual(['client-secret', 'client-secret']);
  });

  it('may use any setting by its name, one of the block too', () => {
    const own = { ...contoso, clientSecretSetting: 'CLIENT_SECRET' };
    expect(readTenants(list([own], { CLIENT_SECRET: 'of~all', MANAGED_IDENTITY_CLIENT_ID: clientId }))).toHaveLength(1);
    const other = { ...contoso, clientSecretSetting: 'TENANTS_SECRET' };
    expect(readTenants(list([other], { TENANTS_SECRET: 'x~1' }))).toHaveLength(1);
  });

  it('follow TENANTS, TENANTS_2, TENANTS_3, … in the order of their numbers', () => {
    const of = (id: string) => JSON.stringify([{ ...contoso, tenantId: id }]);
    const ids = ['1', '2', '3'].map((digit) => tenantId.replace('8', digit));
    const environment = {
      ...shared,
      TENANTS_10: of(ids[2] ?? ''),
      TENANTS_2: of(ids[1] ?? ''),
      TENANTS: of(ids[0] ?? ''),
    };
    expect(readTenants(environment).map((tenant) => tenant.tenantId)).toEqual(ids);
  });

  it('take the address of their own region before the address of the others', () => {
    const urlOf = (destination: object) =>
      readTenants(
        list([{ ...contoso, destination: { ...contoso.destination, ...destination } }], {
          SEKOIA_INTAKE_URL: 'https://intake.example',
        }),
      ).map((tenant) => tenant.destination.url);
    expect(urlOf({})).toEqual(['https://intake.example']);
    expect(urlOf({ region: 'mco1' })).toEqual(['https://intake.mco1.sekoia.io/api/v1/intake-http']);
    expect(urlOf({ region: 'mco1', url: 'https://own.example/' })).toEqual(['https://own.example']);
  });

  it('accept content types as a comma list too', () => {
    const [tenant] = readTenants(list([{ ...contoso, contentTypes: 'Audit.Exchange, DLP.All' }]));
    expect(tenant?.contentTypes).toEqual(['Audit.Exchange', 'DLP.All']);
  });
});

describe('a wrong list of tenants', () => {
  const cases: readonly (readonly [environment: Environment, setting: string, words: string])[] = [
    [
      { ...shared, TENANTS: '[{"tenantId":oops}]' },
      'TENANTS',
      'is JSON that breaks at position 13 (line 1, column 14)',
    ],
    [{ ...shared, TENANTS: '[\n {},\n]' }, 'TENANTS', 'is JSON that breaks at position 7 (line 3, column 1)'],
    [list({ tenantId }), 'TENANTS', 'is not a JSON array'],
    [list([]), 'TENANTS', 'lists no tenant'],
    [list([contoso, 'Fabrikam']), 'TENANTS item 2', 'is not an object; expected one with name, tenantId'],
    [list([{ ...contoso, tenantID: tenantId }]), 'TENANTS item 1', 'has unknown keys ("tenantID")'],
    [
      list([{ ...contoso, destination: { ...contoso.destination, zone: 'x' } }]),
      'TENANTS item 1, destination',
      'has unknown keys ("zone")',
    ],
    [
      list([{ ...contoso, destination: 'sekoia' }]),
      'TENANTS item 1, destination',
      'is not an object; expected one with type',
    ],
    [
      list([{ ...contoso, clientSecret: 'hidden~1' }]),
      'TENANTS item 1',
      'holds a secret inside the JSON ("clientSecret")',
    ],
    [
      list([{ ...contoso, destination: { intakeKey: 'hidden~2' } }]),
      'TENANTS item 1, destination',
      'a secret inside the JSON',
    ],
    [list([{ ...contoso, name: 7 }]), 'TENANTS item 1, name', 'is not a text'],
    [list([{ ...contoso, contentTypes: [1] }]), 'TENANTS item 1, contentTypes', 'is neither a list nor a text'],
    [list([{ ...contoso, contentTypes: ['Audit.Teams'] }]), 'TENANTS item 1, contentTypes', '"Audit.Teams"'],
    [list([{ ...contoso, tenantId: '' }]), 'TENANTS item 1, tenantId', 'is missing'],
    [list([contoso], { CLIENT_ID: undefined }), 'TENANTS item 1, clientId', 'is missing'],
    [list([contoso, { ...fabrikam, clientId: 'x' }]), 'TENANTS item 2, clientId', 'is not a GUID'],
    [list([contoso, fabrikam], { CLOUD: 'mars' }), 'CLOUD', 'is not a known cloud'],
    [
      list([{ ...contoso, clientSecretSetting: undefined }]),
      'TENANTS item 1, clientSecretSetting, clientCertificateSetting or managedIdentityClientId',
      'is missing',
    ],
    [
      list([{ ...contoso, managedIdentityClientId: clientId }]),
      'CONTOSO_SECRET',
      'is given together with TENANTS item 1, managedIdentityClientId',
    ],
    [
      list([{ ...contoso, clientSecretSetting: 'hidden~secret' }]),
      'TENANTS item 1, clientSecretSetting',
      'names a setting that does not exist or is empty',
    ],
    [list([{ ...contoso, destination: {} }]), 'TENANTS item 1, destination.intakeKeySetting', 'is missing'],
    [
      list([{ ...contoso, destination: { ...contoso.destination, type: 'elk' } }]),
      'TENANTS item 1, destination.type',
      'is not a known destination',
    ],
    [
      list([contoso], { TENANTS_1: JSON.stringify([fabrikam]) }),
      'TENANTS_1',
      'is not read; expected TENANTS, TENANTS_2',
    ],
    [list([contoso], { TENANTS2: JSON.stringify([fabrikam]) }), 'TENANTS2', 'is not read'],
  ];

  it.each(cases.map(([environment, ...rest]) => [...rest, environment] as const))(
    '%s %s',
    (setting, words, environment) => {
      const problems = problemsOf(environment);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.startsWith(`- ${setting}: `)).toBe(true);
      expect(problems[0]).toContain(words);
      expect(problems[0]).not.toContain('hidden');
    },
  );

  it('names every item that is wrong', () => {
    const problems = problemsOf(list([{ ...contoso, cloud: 'x' }, { ...fabrikam, publisherId: 'y' }, 3]));
    expect(problems.map((line) => line.slice(2, line.indexOf(':')))).toEqual([
      'TENANTS item 1, cloud',
      'TENANTS item 2, publisherId',
      'TENANTS item 3',
    ]);
  });
});

describe('a tenant that is wrong', () => {
  const thirdId = '5c6d7e8f-1a2b-4c3d-8e9f-a0b1c2d3e4f5';
  const third = { ...fabrikam, tenantId: thirdId };

  it('is left out with its problems, and the others go on', () => {
    const broken = { ...contoso, clientSecretSetting: 'NOT_THERE', cloud: 'mars' };
    const { tenants, leftOut } = readSettings(list([broken, fabrikam]));
    expect(tenants.map((tenant) => tenant.tenantId)).toEqual([otherTenantId]);
    expect(leftOut).toEqual([
      {
        where: 'TENANTS item 1',
        tenantId,
        name: 'Contoso',
        problems: [
          expect.stringMatching(/^TENANTS item 1, clientSecretSetting: names a setting that does not exist/),
          expect.stringMatching(/^TENANTS item 1, cloud: is not a known cloud/),
        ],
      },
    ]);
  });

  it('is so when its secret is a Key Vault reference that Azure has not resolved', () => {
    const reference = '@Microsoft.KeyVault(VaultName=vault;SecretName=secret)';
    const { tenants, leftOut } = readSettings(list([contoso, fabrikam], { CONTOSO_SECRET: reference }));
    expect(tenants).toHaveLength(1);
    expect(leftOut[0]?.problems).toEqual([expect.stringContaining('secret secret in vault vault')]);
  });

  it('is so when it stands there twice, as nobody knows which of the two is meant', () => {
    const again = { ...fabrikam, tenantId: tenantId.toUpperCase() };
    const { tenants, leftOut } = readSettings(list([contoso, third], { TENANTS_2: JSON.stringify([again]) }));
    expect(tenants.map((tenant) => tenant.tenantId)).toEqual([thirdId]);
    expect(leftOut.map(({ where, problems }) => [where, problems])).toEqual([
      ['TENANTS item 1', [expect.stringContaining('tenantId: is the tenant of TENANTS_2 item 1 again')]],
      ['TENANTS_2 item 1', [expect.stringContaining('tenantId: is the tenant of TENANTS item 1 again')]],
    ]);
  });

  it('can be all that a list holds', () => {
    const { tenants, leftOut } = readSettings(
      list([contoso], { TENANTS_2: '[{]', TENANTS_3: JSON.stringify([third]) }),
    );
    expect(tenants.map((tenant) => tenant.tenantId)).toEqual([tenantId, thirdId]);
    expect(leftOut.map(({ where }) => where)).toEqual(['TENANTS_2']);
  });

  it('stops the app when there is no other, or when something else is wrong, with everything in one error', () => {
    const environment = list([contoso, { ...fabrikam, clientId: 'x' }]);
    expect(() => readSettings(list([{ ...contoso, cloud: 'x' }]))).toThrow(
      'The app does not start, because of one setting',
    );
    expect(() => readSettings({ ...environment, BACKFILL_HOURS: 'all' })).toThrow(
      /2 problems.*\n- BACKFILL_HOURS: .*\n- TENANTS item 2, clientId: /,
    );
  });
});
