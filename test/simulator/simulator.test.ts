import { afterEach, expect, test, vi } from 'vitest';
import { logIn, requestToken } from './plain-client.ts';
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
