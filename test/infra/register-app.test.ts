import { describe, expect, it } from 'vitest';
import { cloudAddresses } from '../../shared/settings/clouds.ts';
import { contentTypes } from '../../shared/settings/settings.ts';
import {
  addApp,
  addIdentity,
  addPrincipal,
  type Entra,
  freshEntra,
  managementApis,
  managementRoles,
} from './simulated-entra.ts';
import { changes, useStages } from './stage.ts';

const stageOf = useStages();
const [read, readDlp] = managementRoles;

/** What the collector needs of a tenant, read from the outside. */
function access({ apps, principals, assignments }: Entra) {
  return apps.map(({ appId, requiredResourceAccess }) => {
    const id = principals.find((one) => one.appId === appId)?.id;
    return {
      shown: requiredResourceAccess.flatMap((one) =>
        one.resourceAccess.map((role) => `${one.resourceAppId} ${role.id} ${role.type}`),
      ),
      consented: assignments.filter((one) => one.principalId === id).map((one) => one.appRoleId),
      of: principals.find((one) => one.id === assignments[0]?.resourceId)?.appId,
    };
  });
}

const readGranted = { shown: [`${managementApis} ${read.id} Role`], consented: [read.id], of: managementApis };

describe('a fresh tenant', () => {
  it('has an app with permission and consent afterwards, and a second run changes nothing', async () => {
    const { entra, run } = stageOf(freshEntra());
    const first = await run();
    expect(first).toMatchObject({ code: 0, complaint: '' });
    expect(access(entra)).toEqual([readGranted]);
    expect(entra.apps).toMatchObject([{ displayName: 'm365-audit-collector', signInAudience: 'AzureADMyOrg' }]);
    expect(first.output).toContain(`TENANT_ID=${entra.tenantId}\nCLIENT_ID=${entra.apps[0]?.appId}\nCLOUD=worldwide`);
    expect(first.output).toContain(`az ad app credential reset --id ${entra.apps[0]?.appId} --append`);

    const second = await run();
    expect(second.code).toBe(0);
    expect(changes(entra)).toEqual([]);
    expect(second.output.replaceAll('exists', '')).not.toMatch(/^(created|added|given)/m);
  });

  it.each([
    ['AzureCloud', ['worldwide', 'gcc']],
    ['AzureUSGovernment', ['gcchigh', 'dod']],
    ['AzureChinaCloud', ['china']],
  ] as const)('of %s trusts the managed identity as the clouds %s want it', async (name, clouds) => {
    const { entra, run } = stageOf(freshEntra(name));
    const identity = addIdentity(entra, 'collectors', 'audit');
    const { code, output } = await run('--managed-identity', 'collectors/audit');
    expect(code).toBe(0);
    expect(access(entra)).toEqual([readGranted]);
    for (const cloud of clouds) {
      const { authorityHost, assertionScope } = cloudAddresses[cloud];
      const issuer = `${authorityHost}/${entra.tenantId}/v2.0`;
      const audiences = [assertionScope.replace('/.default', '')];
      const wanted = { issuer, subject: identity.principalId, audiences };
      expect(entra.apps[0]?.federatedCredentials).toMatchObject([wanted]);
    }
    expect(output).toContain(`MANAGED_IDENTITY_CLIENT_ID=${identity.clientId}\nCLOUD=${clouds[0]}`);
    expect(output).not.toContain('CLIENT_SECRET');

    await run('--managed-identity', identity.resourceId);
    expect(changes(entra)).toEqual([]);
  });

  it('gets the permission for DLP.All on request, also later', async () => {
    const { entra, run } = stageOf(freshEntra());
    await run();
    const { code, output } = await run('--dlp');
    expect(code).toBe(0);
    expect(access(entra)).toMatchObject([{ shown: { length: 2 }, consented: [read.id, readDlp.id] }]);
    expect(output).toContain(`CONTENT_TYPES=${contentTypes.join(',')}\n`);
  });

  it('may know what was created only after a while', async () => {
    const { entra, run } = stageOf({ ...freshEntra(), lateness: 2 });
    addIdentity(entra, 'collectors', 'audit');
    expect(await run('--managed-identity', 'collectors/audit')).toMatchObject({ code: 0 });
    expect(access(entra)).toEqual([readGranted]);
    expect(entra.apps[0]?.federatedCredentials).toHaveLength(1);
  });

  it('is given up on when it never knows what was created', async () => {
    const { run } = stageOf({ ...freshEntra(), lateness: 1000 });
    const { code, complaint } = await run();
    expect(code).toBe(1);
    expect(complaint).toContain('The service principal of the app was not created.');
    expect(complaint).toContain('run the same command again');
  });
});

describe('a tenant that is half set up', () => {
  it('with an app alone gets the rest', async () => {
    const { entra, run } = stageOf(freshEntra());
    addApp(entra, 'm365-audit-collector');
    expect(await run()).toMatchObject({ code: 0 });
    expect(access(entra)).toEqual([readGranted]);
  });

  it('with a permission without consent gets the consent, once', async () => {
    const { entra, run } = stageOf(freshEntra());
    const app = addApp(entra, "The auditor's app");
    addPrincipal(entra, managementApis);
    app.requiredResourceAccess.push({
      resourceAppId: managementApis,
      resourceAccess: [{ id: read.id, type: 'Role' }],
    });
    expect(await run('--name', "The auditor's app")).toMatchObject({ code: 0 });
    expect(access(entra)).toEqual([readGranted]);
  });

  it('with a consent that the portal does not show gets the permission', async () => {
    const { entra, run } = stageOf(freshEntra());
    const app = addApp(entra, 'm365-audit-collector');
    const resourceId = addPrincipal(entra, managementApis).id;
    const principalId = addPrincipal(entra, app.appId).id;
    entra.assignments.push({ principalId, resourceId, appRoleId: read.id });
    expect(await run('--client-id', app.appId)).toMatchObject({ code: 0 });
    expect(access(entra)).toEqual([readGranted]);
  });

  it('with a federated credential for the wrong audience has it corrected', async () => {
    const { entra, run } = stageOf(freshEntra('AzureUSGovernment'));
    const { principalId: subject } = addIdentity(entra, 'collectors', 'audit');
    const issuer = `https://login.microsoftonline.us/${entra.tenantId}/v2.0`;
    const wrong = { id: subject, name: 'mine', issuer, subject, audiences: ['api://AzureADTokenExchange'] };
    addApp(entra, 'm365-audit-collector').federatedCredentials.push(wrong);
    expect(await run('--managed-identity', 'collectors/audit')).toMatchObject({ code: 0 });
    const right = { ...wrong, audiences: ['api://AzureADTokenExchangeUSGov'] };
    expect(entra.apps[0]?.federatedCredentials).toEqual([right]);
  });
});

describe('a dry run', () => {
  it('needs no Azure CLI and prints every changing command of a real run', async () => {
    const { entra, run, runWithoutAz } = stageOf(freshEntra());
    addIdentity(entra, 'collectors', 'audit');
    const options = ['--dlp', '--managed-identity', 'collectors/audit'];
    const dry = await runWithoutAz('--dry-run', ...options);
    expect(dry).toMatchObject({ code: 0, complaint: '' });
    const lines = dry.output.trimEnd().split('\n');
    expect(lines.filter((line) => !/^(az |# )/.test(line))).toEqual([]);
    expect(dry.output).toContain('# CLIENT_ID=<app id>');

    await run('--dry-run', ...options);
    expect(entra.calls).toEqual([]);
    await run(...options);
    const unquoted = (line: string) => line.replaceAll(/["']/g, '');
    const printed = lines.map((line) => {
      const literal = unquoted(line).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return new RegExp(`^${literal.replaceAll(/<[^>]+>/g, '.+')}$`);
    });
    expect(changes(entra)).toHaveLength(8);
    for (const change of changes(entra).map((words) => unquoted(`az ${words}`)))
      expect(
        printed.some((line) => line.test(change)),
        change,
      ).toBe(true);
  });
});

it('says which role is missing when consent is refused, and goes on from there', async () => {
  const { entra, run } = stageOf({ ...freshEntra(), mayConsent: false });
  addIdentity(entra, 'collectors', 'audit');
  const { code, complaint } = await run('--managed-identity', 'collectors/audit');
  expect(code).toBe(1);
  expect(complaint).toContain('Admin consent to ActivityFeed.Read was not given.');
  expect(complaint).toMatch(/role .*Privileged Role Administrator or Global Administrator/);
  expect(access(entra)).toMatchObject([{ shown: readGranted.shown, consented: [] }]);

  entra.mayConsent = true;
  expect(await run('--managed-identity', 'collectors/audit')).toMatchObject({ code: 0 });
  expect(changes(entra)).toHaveLength(1);
  expect(access(entra)).toEqual([readGranted]);
});

it('explains its options', async () => {
  const { code, output } = await stageOf(freshEntra()).runWithoutAz('--help');
  expect(code).toBe(0);
  for (const option of ['--name', '--client-id', '--managed-identity', '--dlp', '--tenant', '--dry-run'])
    expect(output).toContain(`  ${option} `);
});
