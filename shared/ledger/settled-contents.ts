import type { TableClient, TableEntityResult } from '@azure/data-tables';
import type { ErrorCode } from '../errors.ts';
import { isMissing, isRefused } from './conditions.ts';
import {
  type ContentKey,
  type ContentState,
  contentIdOf,
  contentRowKey,
  hourOf,
  hourRowKey,
  type LedgerScope,
  partitionKey,
} from './keys.ts';
import { iso, type OpenContent, type OpenRow, readOpenRow } from './open-content.ts';
import { readReplay, replayColumns } from './replay-columns.ts';

/** Properties of a settled content's row, whatever its state. */
export interface SettledRow extends Omit<OpenRow, 'due' | 'claimed'> {
  settled: string;
  /** Accepted by the destination. */
  records: number;
  /** Text: it can pass 2^31. */
  bytes: string;
}

/** A content that was set aside; times in milliseconds since 1970. */
export interface QuarantinedContent extends ContentKey {
  readonly scope: LedgerScope;
  readonly expires: number;
  readonly settled: number;
  /** How often it was opened again. */
  readonly reopened: number;
  /** Why it was set aside. */
  readonly code: ErrorCode | '';
  /** Its columns, as they were read. */
  readonly row: SettledRow;
}

/** An open content whose time is over. */
export interface OverdueContent {
  readonly content: OpenContent;
  /** Its last failure. */
  readonly code: ErrorCode | '';
}

/** What only the passing of time moves on. */
export interface UnfinishedContents {
  readonly overdue: readonly OverdueContent[];
  readonly quarantined: readonly QuarantinedContent[];
}

/** Moves out of quarantine; only the reconciling timer makes them, and a timer runs once at a time. */
export interface SettledContents {
  /** Open contents that expired before `expiredBefore` and that nobody works on, and the quarantined ones; at most `limit`. */
  findUnfinished(scope: LedgerScope, expiredBefore: number, limit: number): Promise<UnfinishedContents>;
  /** From quarantined to expired. False when that was not this call's doing; `by` names its caller in the row. */
  expire(content: QuarantinedContent, by: string): Promise<boolean>;
  /**
   * From quarantined to open, due at once, its progress kept; the hour's row changes with it. False when that was not this call's doing.
   *
   * @param attempts what the content is taken to have behind it
   */
  reopen(content: QuarantinedContent, attempts: number, by: string): Promise<boolean>;
}

export function createSettledContents(table: TableClient, now: () => number): SettledContents {
  const key = (state: ContentState, content: QuarantinedContent) => ({
    partitionKey: partitionKey(content.scope),
    rowKey: contentRowKey(state, content),
  });

  /** A refusal is our own success when the row shows who wrote it; what is left as it was is found again by the next run. */
  async function isOurs(state: ContentState, content: QuarantinedContent, by: string): Promise<boolean> {
    const target = key(state, content);
    try {
      return (await table.getEntity<{ owner: string }>(target.partitionKey, target.rowKey)).owner === by;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  return {
    async findUnfinished(scope, expiredBefore, limit) {
      const overdue: OverdueContent[] = [];
      const quarantined: QuarantinedContent[] = [];
      // Open and quarantined rows stand side by side: one range for both.
      const filter =
        `PartitionKey eq '${partitionKey(scope)}' and RowKey ge 'o|' and RowKey lt 'q}' ` +
        `and (RowKey ge 'q|' or expires le '${iso(expiredBefore)}')`;
      for await (const row of table.listEntities<OpenRow & SettledRow>({ queryOptions: { filter } })) {
        if (row.rowKey?.startsWith('q|')) {
          quarantined.push(readSettledRow(scope, row));
        } else if (!row.claimed || Date.parse(row.due) <= now()) {
          const content = readOpenRow(scope, row);
          // A claim that ran out: what its sender may have got through is counted.
          const possiblyDoubled = content.possiblyDoubled + (row.claimed ? 1 : 0);
          overdue.push({ content: { ...content, possiblyDoubled }, code: readCode(row) });
        }
        if (overdue.length + quarantined.length >= limit) break;
      }
      return { overdue, quarantined };
    },

    async expire(content, by) {
      const code: ErrorCode = 'content_expired';
      try {
        await table.submitTransaction([
          ['delete', key('quarantined', content)],
          ['create', { ...content.row, ...key('expired', content), settled: iso(now()), owner: by, code }],
        ]);
        return true;
      } catch (error) {
        if (!isRefused(error)) throw error;
        return isOurs('expired', content, by);
      }
    },

    async reopen(content, attempts, by) {
      const { settled: _settled, records: _records, bytes: _bytes, ...kept } = content.row;
      const at = iso(now());
      const open: OpenRow = {
        ...kept,
        due: at,
        attempts,
        claimed: false,
        owner: by,
        reopened: content.reopened + 1,
      };
      try {
        await table.submitTransaction([
          ['delete', key('quarantined', content)],
          ['create', { ...open, ...key('open', content) }],
          // Whoever reads the hour's ids meanwhile can miss a row that moves back; the new ETag keeps them from believing it.
          [
            'upsert',
            { partitionKey: partitionKey(content.scope), rowKey: hourRowKey(hourOf(content.created)), reopened: at },
            'Merge',
          ],
        ]);
        return true;
      } catch (error) {
        if (!isRefused(error)) throw error;
        return isOurs('open', content, by);
      }
    },
  };
}

/** A settled content as its row has it. */
export function readSettledRow(scope: LedgerScope, row: TableEntityResult<SettledRow>): QuarantinedContent {
  const columns: SettledRow = {
    contentUri: row.contentUri,
    created: row.created,
    expires: row.expires,
    listed: row.listed,
    settled: row.settled,
    attempts: row.attempts,
    owner: row.owner,
    sentRecords: row.sentRecords ?? 0,
    sentBytes: row.sentBytes ?? '0',
    sentCrc32: row.sentCrc32 ?? '0',
    possiblyDoubled: row.possiblyDoubled,
    refusedRecords: row.refusedRecords ?? '[]',
    missing: row.missing ?? 0,
    records: row.records,
    bytes: row.bytes,
    reopened: row.reopened ?? 0,
    code: row.code,
    ...replayColumns(readReplay(row).replay),
  };
  return {
    scope,
    contentId: contentIdOf(row.rowKey ?? ''),
    created: Date.parse(row.created),
    expires: Date.parse(row.expires),
    settled: Date.parse(row.settled),
    reopened: columns.reopened,
    code: readCode(row),
    row: columns,
  };
}

/** Only codes of the product are ever written. */
function readCode(row: { readonly code: string }): ErrorCode | '' {
  return row.code as ErrorCode | '';
}
