import { afterEach, expect, test, vi } from 'vitest';
import { identityOf } from './credentials.ts';
import { call, logIn, requestToken } from './plain-client.ts';
import { createSimulator } from './simulator.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a world hands out the settings of a collector for one tenant or for all', async () => {
  const simulator = await createSimulator({ tenants: 2 });
  const [first, second] = simulator.tenants;
  expect(simulator.environment()).toEqual({
    TENANT_ID: first?.tenantId,
    CLIENT_ID: first?.clientId,
    CLIENT_SECRET: first?.clientSecret,
    SEKOIA_INTAKE_KEY: first?.intakeKey,
    MANAGEMENT_API_URL: simulator.office.origin,
    AUTHORITY_HOST: simulator.login.origin,
    SEKOIA_INTAKE_URL: simulator.siem.origin,
  });
  expect(simulator.environment(second)['TENANT_ID']).toBe(second?.tenantId);
  const all = simulator.environmentOfAll();
  expect(JSON.parse(all['TENANTS'] ?? '')).toHaveLength(2);
  expect(all).toMatchObject({ TENANT_2_CLIENT_SECRET: second?.clientSecret, TENANT_2_INTAKE_KEY: second?.intakeKey });
  await simulator.close();
});

test('a world hands out settings for each credential, which it registers', async () => {
  const simulator = await createSimulator({ cloud: 'gcchigh' });
  const { tenant } = simulator;
  const { CLIENT_SECRET, ...common } = simulator.environment();
  expect(common).toMatchObject({ CLOUD: 'gcchigh', TENANT_ID: tenant.tenantId });
  expect(await simulator.environmentWith('secret')).toEqual({ ...common, CLIENT_SECRET });
  const certificate = await simulator.environmentWith('certificate');
  const [registered] = tenant.certificates;
  expect(certificate).toEqual({ ...common, CLIENT_CERTIFICATE: expect.stringContaining(registered ?? '-') });
  expect(certificate['CLIENT_CERTIFICATE']).toContain('PRIVATE KEY');
  expect(registered).not.toContain('PRIVATE KEY');
  expect(await simulator.environmentWith('managed-identity')).toEqual({
    ...common,
    MANAGED_IDENTITY_CLIENT_ID: identityOf(tenant).clientId,
    IDENTITY_ENDPOINT: simulator.identity.address,
    IDENTITY_HEADER: simulator.identity.header,
  });
  const issuer = `https://login.microsoftonline.us/${tenant.tenantId}/v2.0`;
  expect(tenant.federatedCredentials).toEqual([{ issuer, subject: identityOf(tenant).principalId }]);
  await simulator.close();
});

test('two hundred tenants stand in several settings, none above what a Key Vault secret holds', async () => {
  const simulator = await createSimulator({ tenants: 200 });
  const all = simulator.environmentOfAll();
  const lists = Object.entries(all).filter(([name]) => /^TENANTS(_\d+)?$/.test(name));
  expect(lists.map(([name]) => name)).toEqual(['TENANTS', 'TENANTS_2', 'TENANTS_3']);
  const items = lists.flatMap(([, list]) => JSON.parse(list) as { readonly name: string }[]);
  expect(items.map(({ name }) => name)).toEqual(simulator.tenants.map(({ name }) => name));
  expect(Math.max(...lists.map(([, list]) => Buffer.byteLength(list)))).toBeLessThanOrEqual(25 * 1024);
  const two = simulator.environmentOfAll(simulator.tenants.slice(3, 5));
  expect(JSON.parse(two['TENANTS'] ?? '')).toMatchObject([{ name: 'tenant-4' }, { name: 'tenant-5' }]);
  await simulator.close();
});

test('notes every secret that comes to another host than its own', async () => {
  const simulator = await createSimulator();
  const { login, office, siem, identity, stranger, tenant, leaks, caCertificate: ca } = simulator;
  const { token } = await logIn(simulator);
  await (await logIn(simulator)).get('subscriptions/list');
  await call(siem.origin, { method: 'POST', headers: { 'X-SEKOIAIO-INTAKE-KEY': tenant.intakeKey } });
  await call(identity.address, { headers: { 'X-IDENTITY-HEADER': identity.header } });
  expect(leaks).toEqual([]);
  await call(stranger.origin, { headers: { Authorization: `Bearer ${token}` } });
  await call(`${office.origin}/?key=${encodeURIComponent(tenant.clientSecret)}`);
  await call(login.origin, { method: 'POST', ca, body: `a=1&b=${encodeURIComponent(tenant.intakeKey)}` });
  await call(siem.origin, { headers: { 'X-Any': identity.header } });
  simulator.readLog(`{"event":"any","message":"Bearer ${token}"}`);
  expect(leaks).toEqual([
    'an access token came to the stranger',
    'the client secret of tenant-1 came to the Management API',
    'the intake key of tenant-1 came to the login host',
    'the identity header came to the SIEM',
    'an access token came to the log',
  ]);
  await simulator.close();
});

test('the same seed gives the same world, another seed another', async () => {
  const worlds = await Promise.all([1, 1, 2].map((seed) => createSimulator({ seed })));
  const identities = worlds.map(({ tenant }) => {
    const content = tenant.publish({ contentType: 'DLP.All', createdAt: 1e12, records: 3 });
    return [tenant.tenantId, tenant.clientSecret, content.contentId, content.records.join()];
  });
  expect(identities[0]).toEqual(identities[1]);
  expect(identities[0]).not.toEqual(identities[2]);
  await Promise.all(worlds.map((world) => world.close()));
});

test('time is looked up when it is needed, so a faked Date is enough', async () => {
  const simulator = await createSimulator();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2031-01-01T00:00:00Z') });
  expect((await requestToken(simulator)).headers.date).toBe('Wed, 01 Jan 2031 00:00:00 GMT');
  const client = await logIn(simulator);
  expect((await client.get('subscriptions/list')).status).toBe(200);
  vi.setSystemTime(Date.parse('2031-01-01T01:00:00Z'));
  expect((await client.get('subscriptions/list')).status).toBe(401);
  await simulator.close();
});
