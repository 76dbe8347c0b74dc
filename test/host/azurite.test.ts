import { TableClient } from '@azure/data-tables';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Azurite, startAzurite } from './azurite.ts';

let azurite: Azurite;

beforeEach(async () => {
  azurite = await startAzurite({ inMemory: true });
});

afterEach(async () => {
  vi.useRealTimers();
  await azurite.stop();
});

async function createQueue(account: Azurite): Promise<QueueClient> {
  const queue = QueueServiceClient.fromConnectionString(account.connectionString).getQueueClient('work');
  await queue.create();
  return queue;
}

test('serves queues and tables', async () => {
  const queue = await createQueue(azurite);
  expect(queue.url).toBe(`${azurite.queueUrl}/work`);
  await queue.sendMessage('hello');
  expect((await queue.peekMessages()).peekedMessageItems[0]?.messageText).toBe('hello');

  const table = TableClient.fromConnectionString(azurite.connectionString, 'ledger', { allowInsecureConnection: true });
  await table.createTable();
  await table.createEntity({ partitionKey: 'p', rowKey: 'r', value: 1 });
  expect(table.url).toContain(azurite.tableUrl);
  expect(await table.getEntity('p', 'r')).toMatchObject({ value: 1 });
});

test('goes by the Date of the process: visibility and time to live move with it', async () => {
  const start = Date.parse('2026-11-22T10:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  const queue = await createQueue(azurite);
  await queue.sendMessage('hidden', { visibilityTimeout: 3600 });
  await queue.sendMessage('short-lived', { messageTimeToLive: 600 });
  const visible = async () =>
    (await queue.peekMessages({ numberOfMessages: 32 })).peekedMessageItems.map((item) => item.messageText);
  expect(await visible()).toEqual(['short-lived']);
  vi.setSystemTime(start + 601_000);
  expect(await visible()).toEqual([]);
  vi.setSystemTime(start + 3_601_000);
  expect(await visible()).toEqual(['hidden']);
});

test('accounts started side by side know nothing of each other', async () => {
  const other = await startAzurite();
  try {
    await (await createQueue(azurite)).sendMessage('mine');
    const queue = await createQueue(other);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
  } finally {
    await other.stop();
  }
});

test('answers nobody after its end, whoever was connected', async () => {
  const other = await startAzurite();
  await createQueue(other);
  await other.stop();
  await expect(fetch(other.queueUrl)).rejects.toThrow();
});
