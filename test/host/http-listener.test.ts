import { describe, expect, test } from 'vitest';
import type { AppHost } from './app-host.ts';
import { useFixtureHosts } from './fixtures/fixture-host.ts';
import type { HttpListener } from './http-listener.ts';

const hosts = useFixtureHosts();

async function serve(): Promise<HttpListener & { readonly app: AppHost }> {
  const app = await hosts.start({ environment: { INSTANCE_NAME: 'web' } });
  if (app.http === undefined) {
    throw new Error('HTTP is not served.');
  }
  return { ...app.http, app };
}

describe('an HTTP function', () => {
  test('gets path, query, headers and body, and answers with status, headers and body', async () => {
    const { url, functionKey, app } = await serve();
    const answer = await fetch(`${url}/api/hello/Ada%20L?greeting=hi&empty=`, {
      method: 'POST',
      headers: { 'x-functions-key': functionKey, 'x-test': 'yes' },
      body: new Uint8Array([0, 255, 16]),
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('x-instance')).toBe('web');
    expect(await answer.json()).toEqual({ name: 'Ada L', greeting: 'hi', header: 'yes', body: '00ff10' });
    expect(app.invocations['hello']).toEqual({ started: 1, succeeded: 1, failed: 0 });
  });

  test('asks for a key, in the header or the query', async () => {
    const { url, functionKey, masterKey } = await serve();
    const status = async (path: string, key?: string) =>
      (await fetch(`${url}/api/${path}`, key === undefined ? {} : { headers: { 'x-functions-key': key } })).status;
    expect(await status('hello')).toBe(401);
    expect(await status('hello', 'wrong')).toBe(401);
    expect(await status('hello', functionKey)).toBe(200);
    expect(await status('hello', masterKey)).toBe(200);
    expect(await status(`HELLO?code=${functionKey}`)).toBe(200);
    expect(await status('master', functionKey)).toBe(401);
    expect(await status('master', masterKey)).toBe(200);
  });

  test('answers bytes, nothing, failures and strangers as the real host does', async () => {
    const { url, functionKey, app } = await serve();
    expect(new Uint8Array(await (await fetch(`${url}/api/bytes`)).arrayBuffer())).toEqual(new Uint8Array([0, 255, 10]));
    expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
    expect((await fetch(`${url}/api/broken`)).status).toBe(500);
    expect(app.invocations['broken']).toEqual({ started: 1, succeeded: 0, failed: 1 });
    expect((await fetch(`${url}/api/unknown`)).status).toBe(404);
    expect((await fetch(`${url}/api/hello/a/b`)).status).toBe(404);
    expect((await fetch(`${url}/api/hello?code=${functionKey}`, { method: 'DELETE' })).status).toBe(404);
  });

  test('is served no more after the end', async () => {
    const { url, app } = await serve();
    await app.stop();
    await expect(fetch(`${url}/api/bytes`)).rejects.toThrow();
  });
});
