import type { TableClient, TableEntityResult } from '@azure/data-tables';
import type { ErrorCode } from '../errors.ts';
import type { TimeWindow } from '../management-api/management-api.ts';
import { type Hour, type HourRow, readHourRow } from './hour-rows.ts';
import { type LedgerScope, partitionKey } from './keys.ts';
import { readSubscriptionRow, type SubscriptionRow, type SubscriptionState } from './progress-rows.ts';

/** A content that is not settled for good, as far as a look at the ledger shows it; times in milliseconds since 1970. */
export interface PendingContent {
  /** Of contentCreated, as `2026-11-22T15`. */
  readonly hour: string;
  readonly created: number;
  readonly expires: number;
  /** When it was first seen in a listing. */
  readonly listed: number;
  /** Of its last failure, or why it was set aside. */
  readonly code: ErrorCode | '';
}

/** What a look at a scope's partition shows, settled contents left out: its hours stand for those. */
export interface ScopeView {
  /** Oldest first. */
  readonly hours: readonly Hour[];
  /** Intervals of contentCreated that were never listed. */
  readonly lost: readonly TimeWindow[];
  readonly open: readonly PendingContent[];
  readonly quarantined: readonly PendingContent[];
  readonly subscription: SubscriptionState;
  /** There are more open or quarantined contents than were looked at. */
  readonly more: { readonly open: boolean; readonly quarantined: boolean };
}

/** Looks at the ledger without reading what is settled: in one request, or in three or four where very much is open. */
export interface ScopeViewer {
  viewScope(scope: LedgerScope): Promise<ScopeView>;
}

/** What the rows of a page can be. */
interface AnyRow extends HourRow, Omit<SubscriptionRow, 'code'> {
  from: string;
  to: string;
  created: string;
  expires: string;
  code: string;
}
type Row = TableEntityResult<AnyRow>;

const columns = [
  ...['PartitionKey', 'RowKey', 'listed', 'sealed', 'sealedListed', 'forwarded', 'gone', 'expired', 'records'],
  ...['refused', 'bytes', 'possiblyDoubled', 'lagMeanSeconds', 'lagMaxSeconds', 'late', 'compared', 'comparedContents'],
  ...['unbalanced', 'unbalancedListed', 'unbalancedSettled', 'removing', 'from', 'to', 'created', 'expires', 'code'],
  ...['status', 'lastStart', 'startedBy', 'message', 'remedy'],
];

export function createScopeViewer(table: TableClient): ScopeViewer {
  /** One page, from a row key on and below the other; a thousand rows at the most. */
  async function readPage(scope: LedgerScope, from: string, to: string): Promise<{ rows: Row[]; next: string }> {
    const filter = `PartitionKey eq '${partitionKey(scope)}' and RowKey ge '${from}' and RowKey lt '${to}'`;
    const queryOptions = { filter, select: columns };
    const page = await table.listEntities<AnyRow>({ queryOptions }).byPage({ maxPageSize: 1_000 }).next();
    const rows: Row[] = page.done ? [] : page.value;
    const more = !page.done && page.value.continuationToken !== undefined;
    // Where the next one begins: behind the last row.
    return { rows, next: more ? `${rows.at(-1)?.rowKey ?? from} ` : '' };
  }

  return {
    async viewScope(scope) {
      // Row keys in their order: hours, lost intervals, open and quarantined contents, the subscription.
      const first = await readPage(scope, 'h|', 's}');
      const rows = [...first.rows];
      const more = { open: false, quarantined: false };
      if (first.next !== '') {
        const [open, quarantined] = await Promise.all([
          readPage(scope, first.next, 'o}'),
          readPage(scope, first.next < 'q|' ? 'q|' : first.next, 's}'),
        ]);
        rows.push(...open.rows, ...quarantined.rows);
        more.open = open.next !== '';
        more.quarantined = quarantined.next !== '';
        // It stands behind those that were not looked at.
        if (more.quarantined) rows.push(...(await readPage(scope, 's|', 's}')).rows);
      }
      const of = (prefix: string) => rows.filter(({ rowKey = '' }) => rowKey.startsWith(`${prefix}|`));
      return {
        hours: of('h').map(readHourRow),
        lost: of('l').map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
        open: of('o').map(readPending),
        quarantined: of('q').map(readPending),
        subscription: readSubscriptionRow(of('s')[0] as (SubscriptionRow & { etag: string }) | undefined),
        more,
      };
    },
  };
}

function readPending(row: Row): PendingContent {
  return {
    hour: (row.rowKey ?? '').slice(2, 15),
    created: Date.parse(row.created),
    expires: Date.parse(row.expires),
    listed: Date.parse(String(row.listed)),
    // Only codes of the product are ever written.
    code: row.code as ErrorCode | '',
  };
}
