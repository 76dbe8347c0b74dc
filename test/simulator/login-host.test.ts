import { X509Certificate } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cloudFacts } from './clouds.ts';
import { createClientCertificate } from './credentials.ts';
import { call, jsonOf, logIn, requestToken } from './plain-client.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import { createSimulator, type Simulator } from './simulator.ts';

const scope = 'https://manage.office.com/.default';
let simulator: Simulator;
let time: number;

beforeEach(async () => {
  time = Date.now();
  simulator = await createSimulator({ tenants: 2, now: () => time });
});
afterEach(() => simulator.close());

interface Refusal {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
}

describe('the login host, by hand', () => {
  test('gives tokens that say whose they are, each one new', async () => {
    const answer = await requestToken(simulator);
    expect(answer.status).toBe(200);
    const first = jsonOf<{ access_token: string; expires_in: number; token_type: string }>(answer);
    expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const claims = JSON.parse(Buffer.from(first.access_token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      aud: 'https://manage.office.com',
      tid: simulator.tenant.tenantId,
      roles: ['ActivityFeed.Read', 'ActivityFeed.ReadDlp'],
      exp: Math.floor(time / 1000) + 3600,
    });
    expect(jsonOf<typeof first>(await requestToken(simulator)).access_token).not.toBe(first.access_token);
    expect(simulator.login.tokensIssued).toBe(2);
  });

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['an unknown app', { client_id: '22222222-2222-4222-a222-222222222222' }, 400, 'unauthorized_client', 700016],
    ['an unknown resource', { scope: 'https://graph.example.com/.default' }, 400, 'invalid_resource', 500011],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
  ])('refuses %s', async (_, changes, status, error, code) => {
    const answer = await requestToken(simulator, simulator.tenant, changes);
    expect(answer.status).toBe(status);
    const refusal = jsonOf<Refusal>(answer);
    expect(refusal).toMatchObject({ error, error_codes: [code] });
    expect(refusal.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
  });

  test('refuses an unknown tenant before anything else', async () => {
    const stranger: SimulatedTenant = { ...simulator.tenant, tenantId: '33333333-3333-4333-a333-333333333333' };
    const answer = await requestToken(simulator, stranger);
    expect([answer.status, jsonOf<Refusal>(answer).error_codes]).toEqual([400, [90002]]);
  });

  test('refuses on demand, for one tenant if wanted', async () => {
    const [first, second] = simulator.tenants;
    simulator.login.refuseNext(7000222, 1, first);
    expect((await requestToken(simulator, second)).status).toBe(200);
    expect(jsonOf<Refusal>(await requestToken(simulator, first)).error_codes).toEqual([7000222]);
    expect((await requestToken(simulator, first)).status).toBe(200);
  });

  test('can be down until a time of the world', async () => {
    simulator.login.down(time + 60_000);
    expect((await requestToken(simulator)).status).toBe(503);
    time += 60_000;
    expect((await requestToken(simulator)).status).toBe(200);
  });

  test('forgets tokens when they expire or are revoked', async () => {
    const client = await logIn(simulator);
    expect((await client.get('subscriptions/list')).status).toBe(200);
    time += 3_600_000;
    expect((await client.get('subscriptions/list')).status).toBe(401);
    const again = await logIn(simulator);
    simulator.login.revokeTokens();
    const refused = await again.get('subscriptions/list');
    expect(refused.status).toBe(401);
    expect(jsonOf(refused)).toEqual({ Message: 'Authorization has been denied for this request.' });
  });

  test('notes requests that no login library sends', async () => {
    await call(`${simulator.login.origin}/common/discovery/instance`, { ca: simulator.caCertificate });
    expect(simulator.login.violations).toEqual(['unknown address: GET /common/discovery/instance']);
  });
});

describe('a tenant of another cloud', () => {
  const clouds = [
    ['worldwide', null, 'microsoftonline.com'],
    ['gcc', 'GCC', 'microsoftonline.com'],
    ['gcchigh', 'DODCON', 'microsoftonline.us'],
    ['dod', 'DOD', 'microsoftonline.us'],
    ['china', null, 'partner.microsoftonline.cn'],
  ] as const;

  test.each(clouds)(
    '%s says so in its OpenID metadata, and gives tokens for its own API alone',
    async (cloud, ...said) => {
      const there = await createSimulator({ cloud, now: () => time });
      const { caCertificate: ca, login, tenant } = there;
      const discovery = `${login.origin}/${tenant.tenantId}/v2.0/.well-known/openid-configuration`;
      const [subScope, instance] = said;
      expect(jsonOf(await call(discovery, { ca }))).toMatchObject({
        tenant_region_sub_scope: subScope,
        cloud_instance_name: instance,
        token_endpoint: `${login.origin}/${tenant.tenantId}/oauth2/v2.0/token`,
      });
      expect((await requestToken(there)).status).toBe(200);
      for (const scope of Object.values(cloudFacts).map((facts) => facts.scope)) {
        if (scope === cloudFacts[cloud].scope) continue;
        const answer = await requestToken(there, tenant, { scope });
        expect(jsonOf<Refusal>(answer).error_codes, scope).toEqual([500011]);
      }
      expect(login.attempts.map(({ refused }) => refused)).toEqual([undefined, 500011, 500011, 500011, 500011]);
      await there.close();
    },
  );
});

describe('the login host and @azure/identity', () => {
  const before = getCACertificates('default');
  const options = (): {
    authorityHost: string;
    disableInstanceDiscovery: true;
    retryOptions: { maxRetries: number };
  } => ({
    authorityHost: simulator.login.origin,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
  beforeEach(() => setDefaultCACertificates([...before, simulator.caCertificate]));
  afterEach(() => setDefaultCACertificates([...before]));

  test('a client secret gets a token, a wrong one AADSTS7000215', async () => {
    const { tenantId, clientId, clientSecret } = simulator.tenant;
    const token = await new ClientSecretCredential(tenantId, clientId, clientSecret, options()).getToken(scope);
    expect(token.token.split('.')).toHaveLength(3);
    const wrong = new ClientSecretCredential(tenantId, clientId, 'wrong', options());
    await expect(wrong.getToken(scope)).rejects.toThrow(/AADSTS7000215/);
    expect(simulator.login.violations).toEqual([]);
  });

  test('a registered certificate gets a token, another one AADSTS700027', async () => {
    const { tenantId, clientId, certificates } = simulator.tenant;
    const { pem: certificate, registered } = await createClientCertificate();
    const credential = (): ClientCertificateCredential =>
      new ClientCertificateCredential(tenantId, clientId, { certificate }, options());
    await expect(credential().getToken(scope)).rejects.toThrow(/AADSTS700027/);
    certificates.push(registered);
    expect((await credential().getToken(scope)).token).toBeTruthy();
    const thumbprint = new X509Certificate(registered).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(simulator.login.attempts).toMatchObject([
      { refused: 700027 },
      { proof: { method: 'assertion signed by the client', issuer: clientId, subject: clientId, thumbprint } },
    ]);
  });

  test('a federated assertion gets a token when issuer and subject are registered', async () => {
    const { tenantId, clientId, federatedCredentials } = simulator.tenant;
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: 'https://issuer', sub: 'me', aud: 'api://AzureADTokenExchange', exp: time / 1000 + 60 };
    const assertion = `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
    const credential = (): ClientAssertionCredential =>
      new ClientAssertionCredential(tenantId, clientId, async () => assertion, options());
    await expect(credential().getToken(scope)).rejects.toThrow(/AADSTS700211/);
    federatedCredentials.push({ issuer: 'https://issuer', subject: 'somebody else' });
    await expect(credential().getToken(scope)).rejects.toThrow(/AADSTS700213/);
    federatedCredentials.push({ issuer: 'https://issuer', subject: 'me' });
    expect((await credential().getToken(scope)).token).toBeTruthy();
  });
});
