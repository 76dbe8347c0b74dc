import { TableClient } from '@azure/data-tables';

/** What the app's ledger says, all tenants and content types together. */
export interface LedgerCounts {
  readonly listed: number;
  readonly open: number;
  readonly forwarded: number;
  /** Settled as anything else: gone, expired, quarantined. */
  readonly others: number;
  readonly records: number;
  /** Of the records as they were sent, before compression. */
  readonly bytes: number;
  /** From contentCreated to acceptance, of the contents forwarded since the last look; milliseconds. */
  readonly lagMs: number;
}

/** Reads the ledger as an onlooker does: it writes nothing. */
export interface LedgerView {
  read(): Promise<LedgerCounts>;
}

interface ForwardedRow {
  readonly created: string;
  readonly settled: string;
  readonly records: number;
  readonly bytes: string;
}

const tableName = 'm365auditledger';
/** Rows settled in the same moment as the last look's newest may have been written after it. */
const lookBackMs = 2_000;

export function createLedgerView(connectionString: string): LedgerView {
  const table = TableClient.fromConnectionString(connectionString, tableName, { allowInsecureConnection: true });
  const seen = new Map<string, number>();
  const total = { forwarded: 0, records: 0, bytes: 0 };
  let newest = 0;

  const range = (prefix: string) => `RowKey ge '${prefix}|' and RowKey lt '${prefix}}'`;

  async function count(prefix: string): Promise<number> {
    let rows = 0;
    for await (const _ of table.listEntities({ queryOptions: { filter: range(prefix), select: ['RowKey'] } }))
      rows += 1;
    return rows;
  }

  async function sumListed(): Promise<number> {
    let listed = 0;
    for await (const row of table.listEntities<{ listed: number }>({ queryOptions: { filter: range('h') } }))
      listed += row.listed;
    return listed;
  }

  /** Adds what was forwarded since the last look; returns the longest lag among it. */
  async function addForwarded(): Promise<number> {
    const since = new Date(Math.max(0, newest - lookBackMs)).toISOString();
    let lagMs = 0;
    const filter = `${range('f')} and settled ge '${since}'`;
    for await (const row of table.listEntities<ForwardedRow>({ queryOptions: { filter } })) {
      const key = `${row.partitionKey}|${row.rowKey}`;
      if (seen.has(key)) continue;
      const settled = Date.parse(row.settled);
      seen.set(key, settled);
      newest = Math.max(newest, settled);
      total.forwarded += 1;
      total.records += row.records;
      total.bytes += Number(row.bytes);
      lagMs = Math.max(lagMs, settled - Date.parse(row.created));
    }
    for (const [key, settled] of seen) if (settled < newest - 2 * lookBackMs) seen.delete(key);
    return lagMs;
  }

  return {
    async read() {
      const [listed, open, gone, expired, quarantined, lagMs] = await Promise.all([
        sumListed(),
        count('o'),
        count('g'),
        count('x'),
        count('q'),
        addForwarded(),
      ]);
      return { listed, open, others: gone + expired + quarantined, lagMs, ...total };
    },
  };
}
