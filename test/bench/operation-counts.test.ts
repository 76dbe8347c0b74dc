import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, it, onTestFinished } from 'vitest';
import { startAzurite } from '../host/azurite.ts';
import { createOperationCounts } from './operation-counts.ts';

it('counts what storage is asked, the rows of transactions apart', async () => {
  const counts = createOperationCounts();
  const azurite = await startAzurite({ onRequest: counts.see });
  onTestFinished(azurite.stop);
  const table = TableClient.fromConnectionString(azurite.connectionString, 'rows', { allowInsecureConnection: true });
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('messages');
  await Promise.all([table.createTable(), queue.create()]);
  counts.reset();

  await table.submitTransaction([
    ['create', { partitionKey: 'p', rowKey: 'http', text: 'POST http' }],
    ['upsert', { partitionKey: 'p', rowKey: 'b' }, 'Merge'],
  ]);
  await table.getEntity('p', 'b');
  await queue.sendMessage('text');
  const { receivedMessageItems } = await queue.receiveMessages();
  for (const { messageId, popReceipt } of receivedMessageItems) await queue.deleteMessage(messageId, popReceipt);

  const { table: operations, entities, sends, otherQueue, lastCreate, lastSend } = counts.read();
  expect({ operations, entities, sends, otherQueue }).toEqual({ operations: 2, entities: 2, sends: 1, otherQueue: 2 });
  expect(Math.min(lastCreate, lastSend)).toBeGreaterThan(0);
});
