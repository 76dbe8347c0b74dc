import { ManagedIdentityCredential } from '@azure/identity';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identityOf } from './credentials.ts';
import type { UserAssignedIdentity } from './identity-tokens.ts';
import { call, jsonOf, type PlainAnswer, requestToken } from './plain-client.ts';
import { createSimulator, type Simulator } from './simulator.ts';

const audience = 'api://AzureADTokenExchange';
let simulator: Simulator;
let identity: UserAssignedIdentity;
let time: number;

beforeEach(async () => {
  time = Date.now();
  simulator = await createSimulator({ now: () => time });
  identity = identityOf(simulator.tenant);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

function ask(
  changes: Readonly<Record<string, string | undefined>> = {},
  headers: Readonly<Record<string, string>> = { 'X-IDENTITY-HEADER': simulator.identity.header },
): Promise<PlainAnswer> {
  const given = { resource: audience, 'api-version': '2019-08-01', client_id: identity.clientId, ...changes };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  return call(`${simulator.identity.address}?${query}`, { headers });
}

async function token(): Promise<string> {
  return jsonOf<{ access_token: string }>(await ask()).access_token;
}

function logInWith(assertion: string): Promise<PlainAnswer> {
  return requestToken(simulator, simulator.tenant, {
    client_secret: undefined,
    client_assertion: assertion,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  });
}

describe('the managed identity endpoint', () => {
  it('gives tokens of an assigned identity for the resource that was asked for', async () => {
    await simulator.environmentWith('managed-identity');
    const answer = await ask();
    const expires = Math.floor(time / 1000) + 86_400;
    expect(jsonOf(answer)).toMatchObject({
      resource: audience,
      token_type: 'Bearer',
      client_id: identity.clientId,
      expires_on: String(expires),
    });
    const [, claims] = jsonOf<{ access_token: string }>(answer).access_token.split('.');
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toMatchObject({
      iss: `https://login.microsoftonline.com/${simulator.tenant.tenantId}/v2.0`,
      sub: identity.principalId,
      aud: audience,
      exp: expires,
    });
    expect(simulator.identity.violations).toEqual([]);
  });

  it('refuses an identity that is not assigned, and one that the app does not have, in the words of the service', async () => {
    const words = 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.';
    expect(jsonOf(await ask())).toMatchObject({ statusCode: 400, message: words });
    await simulator.environmentWith('managed-identity');
    expect((await ask()).status).toBe(200);
    simulator.identity.unassign(identity);
    expect((await ask()).status).toBe(400);
    expect(jsonOf(await ask({ client_id: undefined }))).toMatchObject({
      statusCode: 400,
      message: 'No Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
    });
    expect(simulator.identity.violations).toEqual([]);
  });

  it.each([
    ['no header', {}, {}, 400, 'no X-IDENTITY-HEADER'],
    ['a wrong header', {}, { 'X-IDENTITY-HEADER': 'wrong' }, 401, 'wrong X-IDENTITY-HEADER'],
    ['another version', { 'api-version': '2017-09-01' }, undefined, 400, 'api-version 2017-09-01'],
    ['no resource', { resource: undefined }, undefined, 400, 'no resource'],
  ])('refuses %s, and notes it', async (_, changes, headers, status, violation) => {
    await simulator.environmentWith('managed-identity');
    expect((await ask(changes, headers)).status).toBe(status);
    expect(simulator.identity.violations).toEqual([violation]);
  });

  it('can be down', async () => {
    await simulator.environmentWith('managed-identity');
    simulator.identity.down({ until: time + 60_000 });
    expect((await ask()).status).toBe(503);
    time += 60_000;
    expect((await ask()).status).toBe(200);
    simulator.identity.down({ how: 'reset' });
    await expect(ask()).rejects.toThrow();
    simulator.identity.up();
    expect((await ask()).status).toBe(200);
  });

  it('is what @azure/identity asks when the environment names it', async () => {
    const environment = await simulator.environmentWith('managed-identity');
    for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) vi.stubEnv(name, environment[name]);
    const credential = new ManagedIdentityCredential({ clientId: identity.clientId });
    const assertion = (await credential.getToken(`${audience}/.default`)).token;
    expect((await logInWith(assertion)).status).toBe(200);
    expect(simulator.identity.violations).toEqual([]);
    expect(simulator.leaks).toEqual([]);
  });
});

describe('the token of a managed identity at the login host', () => {
  it('is an assertion when it was issued, is in its time and has a federated credential', async () => {
    const { login, tenant } = simulator;
    simulator.identity.assign(identity);
    expect(jsonOf(await logInWith(await token()))).toMatchObject({ error_codes: [700211] });
    await simulator.environmentWith('managed-identity');
    const assertion = await token();
    expect((await logInWith(assertion)).status).toBe(200);
    expect(login.attempts.at(-1)).toMatchObject({
      scope: 'https://manage.office.com/.default',
      proof: {
        method: 'federated assertion',
        issuer: `https://login.microsoftonline.com/${tenant.tenantId}/v2.0`,
        subject: identity.principalId,
        audience,
      },
    });
    time += 86_400_000;
    expect(jsonOf(await logInWith(assertion))).toMatchObject({ error_codes: [700024] });
  });

  it('is refused when nobody has issued it', async () => {
    await simulator.environmentWith('managed-identity');
    const [head, , signature] = (await token()).split('.');
    const claims = {
      iss: `https://login.microsoftonline.com/${simulator.tenant.tenantId}/v2.0`,
      sub: identity.principalId,
      aud: audience,
      exp: time / 1000 + 60,
    };
    const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    expect(jsonOf(await logInWith(forged))).toMatchObject({ error_codes: [50013] });
  });
});
