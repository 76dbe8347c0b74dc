import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpRequest } from '../../shared/http/http-client.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const client = createHttpClient();
const get = (url: string, more: Partial<HttpRequest> = {}) =>
  client.send({ method: 'GET', url, headers: {}, answerTimeoutMs: 300, idleTimeoutMs: 300, ...more });

describe('the HTTP client', () => {
  it('ends an answer that never comes', async () => {
    const url = await serve(() => undefined);
    await expect(get(url)).rejects.toMatchObject({ code: 'network_failed' });
  });

  it.each([
    ['of a known length', { 'Content-Encoding': 'gzip', 'Content-Length': '0' }],
    ['of any length', { 'Content-Encoding': 'gzip' }],
  ])('takes an empty body %s for what it is, though its headers speak of gzip', async (_, headers) => {
    const url = await serve((_request, response) => response.writeHead(401, headers).end());
    const answer = await get(url);
    expect([answer.status, await answer.text(1_000)]).toEqual([401, '']);
  });

  it.each([
    ['behind the headers', false, ''],
    ['in the middle', false, '[{"a":1},'],
    ['in the middle of gzip', true, '[{"a":1},'],
  ])('ends an answer that stops coming %s', async (_, zipped, text) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, zipped ? { 'Content-Encoding': 'gzip' } : {});
      response.flushHeaders();
      if (text) response.write(zipped ? gzipSync(text).subarray(0, 20) : text);
    });
    const answer = await get(url);
    await expect(answer.text(1_000)).rejects.toMatchObject({ code: 'network_failed' });
  });

  it('ends a stalled answer when it is told to', async () => {
    const url = await serve((_request, response) => response.writeHead(200).write('['));
    const abort = new AbortController();
    const answer = await get(url, { signal: abort.signal, idleTimeoutMs: 60_000 });
    const reading = answer.text(1_000);
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('does not count the time in which the reader is busy', async () => {
    const url = await serve((_request, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 700);
    });
    const answer = await get(url, { idleTimeoutMs: 500 });
    const read: string[] = [];
    for await (const chunk of answer.body) {
      read.push(String(chunk));
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    expect(read.join('')).toBe('ab');
  });

  it('follows no redirect and takes any status for an answer', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end());
    const answer = await get(url);
    expect([answer.status, answer.header('Location')]).toEqual([302, 'http://127.0.0.1:1/']);
    await answer.text(10);
  });

  it('tells what cannot have arrived from what may have', async () => {
    await expect(get('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'network_unreachable' });
    const cut = await serve((request) => request.socket.destroy());
    await expect(get(cut)).rejects.toMatchObject({ code: 'network_failed' });
    const noTls = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => noTls.listen(0, '127.0.0.1', resolve));
    const { port } = noTls.address() as AddressInfo;
    await expect(get(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'network_unreachable' });
    await new Promise((resolve) => noTls.close(resolve));
  });

  it('keeps tokens out of its errors', async () => {
    const cut = await serve((request) => request.socket.destroy());
    const error: unknown = await get(cut, { headers: { Authorization: 'Bearer very-secret' } }).catch(
      (reason: unknown) => reason,
    );
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('very-secret');
  });

  it('gives a connection back when a body is read or left', async () => {
    let connections = 0;
    const url = await serve((_request, response) => response.end('x'.repeat(10)));
    servers.at(-1)?.on('connection', () => {
      connections += 1;
    });
    for (let round = 0; round < 5; round += 1) expect(await (await get(url)).text(100)).toHaveLength(10);
    expect(connections).toBe(1);
  });
});
