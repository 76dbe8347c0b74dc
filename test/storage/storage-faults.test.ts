import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../shared/settings/secret.ts';
import { createStorage, type Storage } from '../../shared/storage/storage.ts';
import { storageFault, storageMeanings } from '../../shared/storage/storage-faults.ts';
import { startAzurite } from '../host/azurite.ts';

const key = 'c2VjcmV0LWtleQ==';

function storageAt(connectionString: string): Storage {
  const patience = { answerTimeoutMs: 2_000, retries: 1, firstDelayMs: 1, longestDelayMs: 1 };
  return createStorage({ kind: 'connection-string', connectionString: new Secret(connectionString) }, patience);
}

/** A storage account that refuses everything, with the service's code where it stands for queues and for tables. */
async function storageThatRefuses(status: number, code: string): Promise<Storage> {
  const server = createServer((request, response) => {
    const isTable = request.headers.accept?.includes('json') ?? false;
    const body = isTable
      ? JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: 'No.' } } })
      : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
    const type = isTable ? 'application/json' : 'application/xml';
    response.writeHead(status, { 'Content-Type': type, 'x-ms-error-code': code }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`;
  return storageAt(
    `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${key};TableEndpoint=${endpoint};QueueEndpoint=${endpoint};`,
  );
}

/** What a table and a queue operation fail with. */
async function faultsOf({ table, queue }: Storage) {
  const failed = (error: unknown) => storageFault(error);
  return [await table.getEntity('p', 'r').catch(failed), await queue.getProperties().catch(failed)];
}

describe('a fault of storage', () => {
  it.each(storageMeanings.flatMap(({ codes, what }) => codes.map((code) => [code, what] as const)))(
    '%s is told in plain words, from queues and from tables',
    async (code, what) => {
      for (const fault of await faultsOf(await storageThatRefuses(403, code))) {
        expect(fault).toMatchObject({
          code: 'storage_refused',
          externalCode: code,
          status: 403,
          message: expect.stringContaining(what),
        });
      }
    },
  );

  it('is a refusal with any other 401 or 403, and passes by itself with 503', async () => {
    for (const fault of await faultsOf(await storageThatRefuses(403, 'SomethingNew'))) {
      expect(fault).toMatchObject({ code: 'storage_refused', externalCode: 'SomethingNew' });
    }
    for (const fault of await faultsOf(await storageThatRefuses(503, 'ServerBusy'))) {
      expect(fault).toMatchObject({ code: 'storage_unavailable', status: 503, externalCode: 'ServerBusy' });
    }
  });

  it('is one when nobody is there', async () => {
    const endpoint = 'http://127.0.0.1:1/account';
    const nobody = `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${key};TableEndpoint=${endpoint};QueueEndpoint=${endpoint};`;
    for (const fault of await faultsOf(storageAt(nobody))) {
      expect(fault).toMatchObject({ code: 'storage_unavailable', externalCode: 'ECONNREFUSED' });
    }
  });

  it('is a wrong key, for which the real service and the emulator refuse alike', async () => {
    const azurite = await startAzurite();
    onTestFinished(() => azurite.stop());
    const wrong = azurite.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${key}`);
    for (const fault of await faultsOf(storageAt(wrong))) {
      expect(fault).toMatchObject({ code: 'storage_refused', status: 403 });
      expect(inspect(fault, { depth: 9 })).not.toMatch(/SharedKey|c2VjcmV0/);
    }
  });

  it('is not a condition that was not met, nor a bug', async () => {
    for (const fault of await faultsOf(await storageThatRefuses(412, 'UpdateConditionNotSatisfied'))) {
      expect(fault).toBeUndefined();
    }
    expect(storageFault(new TypeError('undefined is not a function'))).toBeUndefined();
    expect(storageFault('a text')).toBeUndefined();
  });

  it('is a managed identity that the app does not have', () => {
    const error = Object.assign(new Error('ManagedIdentityCredential: no'), { name: 'CredentialUnavailableError' });
    expect(storageFault(error)).toMatchObject({ code: 'storage_refused', remedy: expect.stringContaining('Identity') });
  });
});
