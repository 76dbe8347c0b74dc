import type { TableClient } from '@azure/data-tables';
import { type HourLag, type HourSums, noSums } from './hour-rows.ts';
import { type ContentState, contentStates, type LedgerScope, partitionKey } from './keys.ts';

/** What the ledger has of an hour's contents, counted row by row. */
export interface HourContents {
  readonly open: number;
  readonly quarantined: number;
  readonly sums: HourSums;
  /** Of those that were forwarded, but for replayed ones: what was sent long ago is not late. Absent when there are none. */
  readonly lag?: HourLag;
  /** Of all its contents, whatever their state. */
  readonly rowKeys: readonly string[];
}

/** Of an hour without contents. */
export const noContents: HourContents = { open: 0, quarantined: 0, sums: noSums, rowKeys: [] };

/** Hours that have open contents, of those before `knownBefore`; about later ones it says nothing. */
export interface OpenHours {
  readonly open: ReadonlySet<string>;
  readonly knownBefore: string;
}

/** Reads the contents of whole hours; hours are those of contentCreated, as `2026-11-22T15`, both ends included. */
export interface HourContentsReader {
  /** Which hours have open contents; looks at a thousand of them or so. */
  findOpenHours(scope: LedgerScope, first: string, last: string): Promise<OpenHours>;
  /** By hour; hours without any content are left out. */
  readHourContents(scope: LedgerScope, first: string, last: string): Promise<ReadonlyMap<string, HourContents>>;
}

interface CountedRow {
  created: string;
  settled: string;
  records: number;
  bytes: string;
  sentRecords: number;
  possiblyDoubled: number;
  replayed?: number;
}

const columns = ['RowKey', 'created', 'settled', 'records', 'bytes', 'sentRecords', 'possiblyDoubled', 'replayed'];
const fewRows = 1_000;

export function createHourContents(table: TableClient): HourContentsReader {
  // `}` is the character after `|`.
  const range = (scope: LedgerScope, state: ContentState, first: string, last: string) =>
    `PartitionKey eq '${partitionKey(scope)}' and RowKey ge '${contentStates[state]}|${first}' and RowKey lt '${contentStates[state]}|${last}}'`;

  return {
    async findOpenHours(scope, first, last) {
      const open = new Set<string>();
      const queryOptions = { filter: range(scope, 'open', first, last), select: ['RowKey'] };
      let rows = 0;
      for await (const { rowKey = '' } of table.listEntities({ queryOptions })) {
        const hour = hourIn(rowKey);
        open.add(hour);
        rows += 1;
        if (rows >= fewRows) return { open, knownBefore: hour };
      }
      return { open, knownBefore: `${last}}` };
    },

    async readHourContents(scope, first, last) {
      const hours = new Map<string, Counting>();
      const read = async (state: ContentState) => {
        const queryOptions = { filter: range(scope, state, first, last), select: columns };
        for await (const row of table.listEntities<CountedRow>({ queryOptions })) {
          const hour = hourIn(row.rowKey ?? '');
          const counting = hours.get(hour) ?? newCounting();
          hours.set(hour, counting);
          counting.rowKeys.push(row.rowKey ?? '');
          if (state === 'open' || state === 'quarantined') counting[state] += 1;
          else addTo(counting, state, row);
        }
      };
      // A content moves from open to any other state, and from quarantined to expired: in this order none is missed.
      await read('open');
      await read('quarantined');
      await Promise.all((['forwarded', 'gone', 'expired'] as const).map(read));
      return new Map([...hours].map(([hour, counting]) => [hour, withLag(counting)]));
    },
  };
}

interface Counting {
  open: number;
  quarantined: number;
  readonly sums: { -readonly [Sum in keyof HourSums]: HourSums[Sum] };
  lags: number;
  lagMs: number;
  maxLagMs: number;
  readonly rowKeys: string[];
}

function newCounting(): Counting {
  return { open: 0, quarantined: 0, sums: { ...noSums }, lags: 0, lagMs: 0, maxLagMs: 0, rowKeys: [] };
}

function addTo(counting: Counting, state: 'forwarded' | 'gone' | 'expired', row: CountedRow): void {
  const { sums } = counting;
  if (state === 'forwarded' && row.replayed === undefined) {
    const lagMs = Math.max(0, Date.parse(row.settled) - Date.parse(row.created));
    counting.lags += 1;
    counting.lagMs += lagMs;
    counting.maxLagMs = Math.max(counting.maxLagMs, lagMs);
  }
  sums[state] += 1;
  sums.records += row.records;
  sums.refused += Math.max(0, (row.sentRecords ?? row.records) - row.records);
  sums.bytes += Number(row.bytes);
  sums.possiblyDoubled += row.possiblyDoubled;
}

function withLag({ open, quarantined, sums, lags, lagMs, maxLagMs, rowKeys }: Counting): HourContents {
  const seconds = (ms: number) => Math.round(ms / 1000);
  const lag = lags === 0 ? {} : { lag: { meanSeconds: seconds(lagMs / lags), maxSeconds: seconds(maxLagMs) } };
  return { open, quarantined, sums, ...lag, rowKeys };
}

function hourIn(rowKey: string): string {
  return rowKey.slice(2, rowKey.indexOf('|', 2));
}
