import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { managedIdentity } from '../../shared/identity/managed-identity.ts';

const clientId = '22222222-2222-4222-8222-222222222222';
const scope = 'https://storage.azure.com/.default';

/** The identity endpoint of Azure Functions; once a process, as the SDK remembers it. @returns what it was asked for, live. */
async function startEndpoint(): Promise<URLSearchParams[]> {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://endpoint').searchParams);
    const expires_on = Math.floor(Date.now() / 1000) + 86_400;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: `token-${asked.length}`, expires_on, token_type: 'Bearer' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'header');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
  });
  return asked;
}

it('asks for a token of the identity that was named, or of the app itself, and keeps it', async () => {
  const asked = await startEndpoint();
  const [named, own] = [managedIdentity(clientId), managedIdentity(undefined)];
  expect(asked).toEqual([]);
  expect(await named.getToken(scope)).toMatchObject({ token: 'token-1' });
  expect(await own.getToken(scope)).toMatchObject({ token: 'token-2' });
  expect(await named.getToken(scope)).toMatchObject({ token: 'token-1' });
  expect(asked.map((query) => [query.get('resource'), query.get('client_id')])).toEqual([
    ['https://storage.azure.com', clientId],
    ['https://storage.azure.com', null],
  ]);
});
