import { X509Certificate } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { jsonAnswer } from '../simulator/answer.ts';
import { identityOf } from '../simulator/credentials.ts';
import { neverAnswer } from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange,Audit.General' };
const types = ['Audit.Exchange', 'Audit.General'] as const;
const kinds = ['secret', 'certificate', 'managed-identity'] as const;

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes) {
    for (const contentType of types) world.tenant.publish({ contentType, createdAt: world.at(minute), records: 2 });
  }
}

/** The event with which the tenant's pause began. */
function pauseOf(world: ScenarioWorld) {
  return world.events.find(({ event }) => event === 'pause.began');
}

/** How the simulated Entra ID was asked for tokens, each way once. */
function proofsOf({ simulator }: ScenarioWorld): unknown[] {
  return [...new Set(simulator.login.attempts.map(({ proof }) => JSON.stringify(proof)))].map((text) =>
    JSON.parse(text),
  );
}

describe('with each credential', () => {
  it.each(kinds)('%s: all arrives once, and the login host sees that credential alone', async (credential) => {
    const world = await createScenario({ settings, credential });
    publishEvery(world, 5, -60, 10);
    await world.runFor(15);
    const { tenant, simulator } = world;
    const { clientId, tenantId } = tenant;
    const [certificate] = tenant.certificates.map((pem) => new X509Certificate(pem).fingerprint256);
    const proofs = {
      secret: { method: 'client secret' },
      certificate: {
        method: 'assertion signed by the client',
        issuer: clientId,
        subject: clientId,
        audience: `${simulator.login.origin}/${tenantId}/oauth2/v2.0/token`,
        thumbprint: certificate?.replaceAll(':', '').toLowerCase(),
      },
      'managed-identity': {
        method: 'federated assertion',
        issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
        subject: identityOf(tenant).principalId,
        audience: 'api://AzureADTokenExchange',
        thumbprint: '',
      },
    };
    expect(proofsOf(world)).toEqual([proofs[credential]]);
    expect(simulator.login.attempts.filter(({ refused }) => refused)).toEqual([]);
    expect(simulator.identity.requests.total > 0).toBe(credential === 'managed-identity');
    expect(world.events.filter(({ level }) => level !== 'information')).toEqual([]);
    report(`with ${credential}`, await expectEverythingOnce(world));
  });

  it.each(kinds)('%s: a token is renewed before it ends, and replaced when it is revoked', async (credential) => {
    const world = await createScenario({ settings, credential, tokenLifetimeSeconds: 600 });
    // Assertions end as well, so that one kept for too long would be refused.
    world.simulator.identity.tokenLifetimeSeconds = 1_200;
    publishEvery(world, 1, -10, 45);
    await world.runFor(40);
    const { login } = world.simulator;
    expect(login.tokensIssued).toBeGreaterThanOrEqual(4);
    expect(login.tokensIssued).toBeLessThanOrEqual(8);
    const before = login.tokensIssued;
    login.revokeTokens();
    await world.runFor(10);
    expect(login.tokensIssued).toBeGreaterThan(before);
    if (credential === 'managed-identity') expect(world.simulator.identity.tokensIssued).toBeGreaterThanOrEqual(3);
    expect(login.attempts.filter(({ refused }) => refused)).toEqual([]);
    expect(world.events.filter(({ level }) => level !== 'information')).toEqual([]);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report(`tokens of ten minutes with ${credential}`, account);
  });
});

describe('tenants with a credential each', () => {
  it('prove themselves with their own', async () => {
    const world = await createScenario({ tenants: 3, settings });
    const { simulator, environment } = world;
    const [, second, third] = simulator.tenants;
    const certificate = await simulator.environmentWith('certificate', second);
    const identity = await simulator.environmentWith('managed-identity', third);
    for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) vi.stubEnv(name, identity[name]);
    const [one, two, three] = JSON.parse(environment['TENANTS'] ?? '') as object[];
    const clientSecretSetting = undefined;
    const { MANAGED_IDENTITY_CLIENT_ID: managedIdentityClientId } = identity;
    await world.restart({
      ...settings,
      CERTIFICATE_OF_TWO: certificate['CLIENT_CERTIFICATE'] ?? '',
      TENANTS: JSON.stringify([
        one,
        { ...two, clientSecretSetting, clientCertificateSetting: 'CERTIFICATE_OF_TWO' },
        { ...three, clientSecretSetting, managedIdentityClientId },
      ]),
    });
    for (const tenant of simulator.tenants) {
      tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5), records: 2 });
    }
    await world.runFor(2);
    const methods = new Map(simulator.login.attempts.map(({ tenantId, proof }) => [tenantId, proof.method]));
    expect(simulator.tenants.map(({ tenantId }) => methods.get(tenantId))).toEqual([
      'client secret',
      'assertion signed by the client',
      'federated assertion',
    ]);
    report('three tenants with a credential each', await expectEverythingOnce(world));
  });
});

describe('a certificate', () => {
  it('works as PEM, with escaped line breaks and in base64', async () => {
    const world = await createScenario({ settings, credential: 'certificate' });
    const pem = world.environment['CLIENT_CERTIFICATE'] ?? '';
    const wrappings = [pem.replaceAll('\n', '\\n'), Buffer.from(pem).toString('base64')];
    publishEvery(world, 5, -10, 30);
    await world.runFor(10);
    for (const [index, wrapped] of wrappings.entries()) {
      await world.restart({ ...settings, CLIENT_CERTIFICATE: wrapped });
      await world.runFor(10);
      expect(world.simulator.login.tokensIssued).toBe(index + 2);
    }
    await world.runFor(5);
    expect(proofsOf(world)).toHaveLength(1);
    report('a certificate as PEM, escaped and in base64', await expectEverythingOnce(world));
  });

  it('that is not registered pauses the tenant, and all arrives once it is', async () => {
    const world = await createScenario({ settings, credential: 'certificate' });
    const [registered = ''] = world.tenant.certificates.splice(0);
    publishEvery(world, 5, -30, 50);
    await world.runFor(60);
    expect(pauseOf(world)).toMatchObject({ gate: 'tenant', code: 'login_refused', externalCode: 'AADSTS700027' });
    expect(pauseOf(world)?.['remedy']).toContain('CLIENT_CERTIFICATE');
    const refused = world.simulator.login.attempts.length;
    expect(refused).toBeLessThanOrEqual(10);
    expect(world.simulator.office.requests.total).toBe(0);
    world.tenant.certificates.push(registered);
    await world.runFor(30);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report('an hour without the certificate registered', account, refused);
  });
});

describe('a managed identity', () => {
  const gaps: readonly (readonly [string, object, string, (world: ScenarioWorld) => () => void])[] = [
    [
      'without any federated credential',
      { code: 'login_refused', externalCode: 'AADSTS700211' },
      'MANAGED_IDENTITY_CLIENT_ID',
      ({ tenant: { federatedCredentials } }) => {
        const taken = federatedCredentials.splice(0);
        return () => federatedCredentials.push(...taken);
      },
    ],
    [
      'with a federated credential for another subject',
      { code: 'login_refused', externalCode: 'AADSTS700213' },
      'principal',
      ({ tenant: { federatedCredentials } }) => {
        const taken = federatedCredentials.splice(0);
        federatedCredentials.push(...taken.map(({ issuer }) => ({ issuer, subject: 'somebody-else' })));
        return () => federatedCredentials.push(...taken);
      },
    ],
    [
      'that is not assigned to the app',
      { code: 'login_refused' },
      'MANAGED_IDENTITY_CLIENT_ID',
      ({ tenant, simulator }) => {
        simulator.identity.unassign(identityOf(tenant));
        return () => simulator.identity.assign(identityOf(tenant));
      },
    ],
    [
      'whose endpoint answers 503',
      { code: 'login_unavailable' },
      'managed identity endpoint',
      ({ simulator }) => {
        simulator.identity.down();
        return () => simulator.identity.up();
      },
    ],
    [
      'whose endpoint breaks off',
      { code: 'login_unavailable' },
      'managed identity endpoint',
      ({ simulator }) => {
        simulator.identity.down({ how: 'reset' });
        return () => simulator.identity.up();
      },
    ],
  ];

  it.each([
    ['says nothing', neverAnswer()],
    ['throttles', () => jsonAnswer(429, { statusCode: 429, message: 'Too many requests' }, { 'Retry-After': '120' })],
    ['gives an answer without a token', () => jsonAnswer(200, {})],
  ])('whose endpoint %s pauses the tenant, in words that name the endpoint', async (name, answer) => {
    const world = await createScenario({ settings, credential: 'managed-identity' });
    const fault = world.simulator.identity.faults.add({ answer });
    publishEvery(world, 5, -30, 0);
    await world.runFor(2);
    expect(pauseOf(world)).toMatchObject({ gate: 'tenant', code: 'login_unavailable' });
    expect(pauseOf(world)?.['message']).toContain('managed identity endpoint');
    fault.remove();
    await world.runFor(10);
    report(`a managed identity whose endpoint ${name}`, await expectEverythingOnce(world), fault.hits);
  });

  it.each(gaps)('%s pauses the tenant, and all arrives once that is put right', async (name, pause, words, begin) => {
    const world = await createScenario({ settings, credential: 'managed-identity' });
    const heal = begin(world);
    publishEvery(world, 5, -30, 50);
    await world.runFor(60);
    expect(pauseOf(world)).toMatchObject({ gate: 'tenant', ...pause });
    const told = pauseOf(world);
    expect(`${told?.['message']} ${told?.['remedy']}`).toContain(words);
    const { login, identity, office } = world.simulator;
    const asked = login.attempts.length + identity.requests.total;
    expect(asked).toBeLessThanOrEqual(25);
    expect(office.requests.total).toBe(0);
    heal();
    await world.runFor(30);
    const account = await expectEverythingOnce(world);
    expect(account.ledger.attempts).toBe(1);
    report(`an hour of a managed identity ${name}`, account, asked);
  });
});
