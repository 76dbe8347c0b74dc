import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call, type FeedClient, jsonOf, logIn, type PlainAnswer } from './plain-client.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import { createSimulator, type Simulator } from './simulator.ts';
import { foreignWebhook } from './subscriptions.ts';

let simulator: Simulator;
let tenant: SimulatedTenant;
let client: FeedClient;
let time: number;

beforeEach(async () => {
  time = Date.parse('2026-11-22T15:15:00Z');
  simulator = await createSimulator({ tenants: 2, now: () => time });
  tenant = simulator.tenant;
  client = await logIn(simulator);
});
afterEach(() => simulator.close());

function codeOf(answer: PlainAnswer): [number, string] {
  return [answer.status, jsonOf<{ error: { code: string } }>(answer).error.code];
}

const exchange = 'subscriptions/start?contentType=Audit.Exchange';

describe('who may ask', () => {
  test('nobody without a token, and not with that of another tenant', async () => {
    const address = `${simulator.office.origin}/api/v1.0/${tenant.tenantId}/activity/feed/subscriptions/list`;
    expect((await call(`${address}?PublisherIdentifier=${tenant.tenantId}`)).status).toBe(401);
    const other = await logIn(simulator, simulator.tenants[1]);
    expect(codeOf(await other.follow(address))).toEqual([401, 'AF20010']);
    expect(codeOf(await client.follow(address.replace(tenant.tenantId, 'contoso.com')))).toEqual([400, 'AF20013']);
  });

  test('only with the permission, and DLP.All needs one more', async () => {
    tenant.roles = ['ActivityFeed.Read'];
    const poor = await logIn(simulator);
    expect((await poor.get('subscriptions/list')).status).toBe(200);
    expect(codeOf(await poor.post('subscriptions/start?contentType=DLP.All'))).toEqual([401, 'AF10001']);
    tenant.roles = [];
    expect(codeOf(await (await logIn(simulator)).get('subscriptions/list'))).toEqual([401, 'AF10001']);
  });

  test('a single type can be refused with nothing to read', async () => {
    tenant.refusedTypes.add('Audit.Exchange');
    const refused = await client.post(exchange);
    expect([refused.status, refused.bytes.length]).toEqual([401, 0]);
    expect((await client.post('subscriptions/start?contentType=Audit.General')).status).toBe(200);
  });

  test('a tenant without auditing answers with the broken envelope', async () => {
    tenant.auditing = false;
    const answer = await client.post(exchange);
    const { error } = jsonOf<{ error: { code: string; message: string } }>(answer);
    expect(answer.status).toBe(400);
    expect(error.code).toMatch(/^StartSubscription \[CorrId=.*\]\[AppId$/);
    expect(error.message).toContain(`DataServiceException: Tenant ${tenant.tenantId} does not exist.`);
  });
});

describe('subscriptions', () => {
  test('are started once, listed with their state and refused when they are on', async () => {
    expect(jsonOf(await client.get('subscriptions/list'))).toEqual([]);
    const enabled = { contentType: 'Audit.Exchange', status: 'enabled', webhook: null };
    expect(jsonOf(await client.post(exchange))).toEqual(enabled);
    expect(jsonOf(await client.get('subscriptions/list'))).toEqual([enabled]);
    time += 900_000;
    expect(codeOf(await client.post(exchange))).toEqual([400, 'AF20024']);
    expect(simulator.office.violations).toEqual([]);
    simulator.office.omitStatus = true;
    expect(jsonOf(await client.get('subscriptions/list'))).toEqual([{ contentType: 'Audit.Exchange', webhook: null }]);
  });

  test('must not be started twice in 15 minutes', async () => {
    await client.post(exchange);
    time += 899_000;
    await client.post(exchange);
    expect(simulator.office.violations).toEqual(['Audit.Exchange: started again after 899 s']);
  });

  test('that were disabled are enabled by a start; a foreign webhook of an enabled one is not to be touched', async () => {
    tenant.subscriptions.disable('Audit.Exchange');
    expect((await client.post(exchange)).status).toBe(200);
    tenant.subscriptions.preset('Audit.General', { webhook: foreignWebhook() });
    expect((await client.post('subscriptions/start?contentType=Audit.General')).status).toBe(200);
    expect(simulator.office.violations).toEqual(['Audit.General: start removed a webhook that somebody else had set']);
  });
});

describe('bad manners', () => {
  test('are noted', async () => {
    const feed = `${simulator.office.origin}/api/v1.0/${tenant.tenantId}/activity/feed`;
    const headers = { Authorization: `Bearer ${client.token}` };
    await call(`${feed}/subscriptions/list`, { headers });
    await call(`${feed}/subscriptions/list?PublisherIdentifier=me`, { headers });
    expect(codeOf(await client.post('subscriptions/start?contentType=Audit.Everything'))).toEqual([400, 'AF20020']);
    expect(codeOf(await client.post('subscriptions/start'))).toEqual([400, 'AF20001']);
    expect((await client.get('subscriptions/nothing')).status).toBe(404);
    await client.post('subscriptions/stop?contentType=Audit.Exchange');
    expect(simulator.office.violations.map((violation) => violation.split(':')[0])).toEqual([
      'no PublisherIdentifier',
      'PublisherIdentifier is no GUID',
      'unknown content type',
      'unknown address',
      'a subscription was stopped',
    ]);
  });
});

describe('a download', () => {
  test('hands out the bytes, gzipped for whoever takes that', async () => {
    const content = tenant.publish({ contentType: 'Audit.Exchange', createdAt: time, records: 50 });
    const address = simulator.office.contentUri(content);
    const plain = await client.follow(address);
    expect(plain.bytes.toString()).toBe(`[${content.records.join(',')}]`);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const zipped = await client.follow(address.replaceAll('$', '%24'), { 'Accept-Encoding': 'gzip, br' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.wireBytes).toBeLessThan(plain.wireBytes / 2);
    expect(zipped.bytes).toEqual(plain.bytes);
    const large = tenant.publish({ contentType: 'Audit.Exchange', createdAt: time, records: 3_000 });
    const streamed = await client.follow(simulator.office.contentUri(large), { 'Accept-Encoding': 'gzip' });
    expect(streamed.headers['transfer-encoding']).toBe('chunked');
    expect(streamed.bytes.toString()).toBe(`[${large.records.join(',')}]`);
    expect(simulator.office.requests.of('download')).toBe(3);
  });

  test('of what is unknown, lost, not yet there, over or nonsense', async () => {
    const publish = (changes: object): string =>
      simulator.office.contentUri(tenant.publish({ contentType: 'Audit.Exchange', createdAt: time, ...changes }));
    const soon = publish({ visibleFrom: time + 1_000 });
    const over = publish({ expiresAt: time });
    const lost = publish({});
    tenant.lost.add(lost.split('/').at(-1) ?? '');
    expect(codeOf(await client.follow(soon))).toEqual([404, 'AF20050']);
    expect(codeOf(await client.follow(lost))).toEqual([404, 'AF20050']);
    expect(codeOf(await client.follow(`${lost}0`))).toEqual([404, 'AF20050']);
    expect(codeOf(await client.follow(over))).toEqual([400, 'AF20051']);
    expect(codeOf(await client.get('audit/nonsense'))).toEqual([400, 'AF20052']);
    time += 1_000;
    expect((await client.follow(soon)).status).toBe(200);
  });
});
