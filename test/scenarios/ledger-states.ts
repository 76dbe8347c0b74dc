import { TableClient } from '@azure/data-tables';
import { type ContentState, contentStates } from '../../shared/ledger/keys.ts';

/** How many contents the ledger has in each state, against how many it says it has listed. */
export interface LedgerStates extends Readonly<Record<ContentState, number>> {
  /** Counted when they were listed; the states are counted as they are now. */
  readonly listed: number;
  /** Records of the contents that are settled: those that the destination accepted. */
  readonly records: number;
  readonly refusedRecords: number;
  /** The most attempts that a content, settled or open, has used up. */
  readonly attempts: number;
  /** Batches that may stand twice in the destination, of all contents. */
  readonly possiblyDoubled: number;
}

interface Row {
  readonly listed?: number;
  readonly attempts?: number;
  readonly records?: number;
  readonly refusedRecords?: string;
  readonly possiblyDoubled?: number;
}

const stateByPrefix = new Map<string, ContentState>(
  (Object.keys(contentStates) as ContentState[]).map((state) => [contentStates[state], state]),
);

/** Counts the whole ledger, of one tenant or of all. */
export async function readLedgerStates(connectionString: string, tenantId?: string): Promise<LedgerStates> {
  const table = TableClient.fromConnectionString(connectionString, 'm365auditledger', {
    allowInsecureConnection: true,
  });
  const counts = { open: 0, forwarded: 0, gone: 0, expired: 0, quarantined: 0 };
  const sums = { listed: 0, records: 0, refusedRecords: 0, possiblyDoubled: 0, attempts: 0 };
  const of = tenantId === undefined ? [] : [`PartitionKey ge '${tenantId}|' and PartitionKey lt '${tenantId}}'`];
  for (const [prefix, state] of [...stateByPrefix, ['h', undefined] as const]) {
    const filter = [...of, `RowKey ge '${prefix}|' and RowKey lt '${prefix}}'`].join(' and ');
    for await (const row of table.listEntities<Row>({ queryOptions: { filter } })) {
      if (state === undefined) sums.listed += row.listed ?? 0;
      else {
        counts[state] += 1;
        sums.records += row.records ?? 0;
        sums.refusedRecords += (JSON.parse(row.refusedRecords ?? '[]') as number[]).length;
        sums.attempts = Math.max(sums.attempts, row.attempts ?? 0);
        sums.possiblyDoubled += row.possiblyDoubled ?? 0;
      }
    }
  }
  return { ...counts, ...sums };
}
