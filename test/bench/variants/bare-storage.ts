import { TableClient, type TransactionAction } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import pMap from 'p-map';
import { serve } from '../processes/commands.ts';
import { createMeasuring } from '../processes/measuring.ts';

/**
 * What listing has to ask of storage at the least, and nothing else: rows as large as the ledger's, 99 a transaction with
 * one row that is written again, and messages as large as those of dispatch, all at the same time.
 */
const rowsPerTransaction = 99;
/** As many as there are content types: the row that is written again keeps those of one partition apart. */
const partitions = 4;
const sendsAtATime = 32;

const row = {
  contentUri: `http://127.0.0.1:50000/api/v1.0/${'0'.repeat(36)}/activity/feed/audit/${'0'.repeat(100)}`,
  created: '2026-01-01T00:00:00.000Z',
  expires: '2026-01-08T00:00:00.000Z',
  listed: '2026-01-01T00:00:00.000Z',
  due: '2026-01-01T00:00:00.000Z',
  attempts: 0,
  claimed: false,
  owner: '',
  sentRecords: 0,
  sentBytes: '0',
  sentCrc32: '0',
  possiblyDoubled: 0,
  refusedRecords: '',
  missing: 0,
  reopened: 0,
  code: '',
};
const message = JSON.stringify({ ...row, tenantId: '0'.repeat(36), contentId: '0'.repeat(100), etag: '0'.repeat(60) });

let round = 0;

async function run(connectionString: string, contents: number): Promise<void> {
  round += 1;
  const table = TableClient.fromConnectionString(connectionString, `bare${round}`, { allowInsecureConnection: true });
  const queue = new QueueClient(connectionString, `bare-${round}`);
  await Promise.all([table.createTable(), queue.create()]);
  const each = Math.ceil(contents / partitions);
  const writing = Array.from({ length: partitions }, (_, partition) => write(table, `${round}-${partition}`, each));
  const sending = pMap(Array.from({ length: contents }), () => queue.sendMessage(message), {
    concurrency: sendsAtATime,
  });
  await Promise.all([...writing, sending]);
}

async function write(table: TableClient, partitionKey: string, rows: number): Promise<void> {
  for (let from = 0; from < rows; from += rowsPerTransaction) {
    const actions: TransactionAction[] = [];
    for (let index = from; index < Math.min(rows, from + rowsPerTransaction); index += 1) {
      actions.push(['create', { ...row, partitionKey, rowKey: `o|2026-01-01T00|${'0'.repeat(100)}${index}` }]);
    }
    actions.push(['upsert', { partitionKey, rowKey: 'h', listed: from + rowsPerTransaction }, 'Merge']);
    await table.submitTransaction(actions);
  }
}

const commands = { ...createMeasuring(), run };

/** What the bare process can be told to do. */
export type BareStorageCommands = typeof commands;

serve(commands);
