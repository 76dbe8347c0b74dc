import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../shared/settings/secret.ts';
import { createStorage } from '../../shared/storage/storage.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A table service that says nothing to the first requests, or breaks off in the middle of its answer. */
async function startSilentTables(silent: number, how: 'at all' | 'half way') {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.setHeader('Content-Type', 'application/json');
    if (requests > silent) response.end('{"PartitionKey":"p","RowKey":"r","code":"fine"}');
    else if (how === 'half way') response.write('{"Part');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`;
  const connectionString =
    `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;` +
    `TableEndpoint=${endpoint};QueueEndpoint=${endpoint};`;
  const { table } = createStorage(
    { kind: 'connection-string', connectionString: new Secret(connectionString) },
    { answerTimeoutMs: 100, retries: 2, firstDelayMs: 1, longestDelayMs: 1 },
  );
  return { table, requests: () => requests };
}

describe('storage that says nothing', () => {
  it.each(['at all', 'half way'] as const)('is asked again when it does not answer %s', async (how) => {
    const { table, requests } = await startSilentTables(2, how);
    expect(await table.getEntity('p', 'r')).toMatchObject({ code: 'fine' });
    expect(requests()).toBe(3);
  });

  it('fails the operation in the end', async () => {
    const { table } = await startSilentTables(9, 'at all');
    await expect(table.getEntity('p', 'r')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('leaves an abort of the caller what it is', async () => {
    const { table, requests } = await startSilentTables(9, 'at all');
    await expect(table.getEntity('p', 'r', { abortSignal: AbortSignal.timeout(20) })).rejects.toThrow('aborted');
    expect(requests()).toBe(1);
  });
});
