import type { TableClient, TableEntityResult } from '@azure/data-tables';
import { contentIdOf, contentRowKey, type LedgerScope, partitionKey } from './keys.ts';
import { type Replay, type ReplayColumns, readReplay } from './replay-columns.ts';

/** What of a content the destination has already accepted; only contents of several batches get there piece by piece. */
export interface SentPrefix {
  readonly records: number;
  /** Of the lines as they were sent, before compression. */
  readonly bytes: number;
  /** CRC-32 of those bytes. */
  readonly crc32: number;
}

/** A content that is not settled yet; times in milliseconds since 1970. */
export interface OpenContent extends SendingState {
  readonly scope: LedgerScope;
  readonly contentId: string;
  readonly contentUri: string;
  readonly created: number;
  readonly expires: number;
  /** When it was first seen in a listing. */
  readonly listed: number;
  /** Attempts of its own that failed, or are under way; shared faults do not count. */
  readonly attempts: number;
  /** How often it came back from quarantine. */
  readonly reopened: number;
  /** Condition of the next write. */
  readonly etag: string;
  /** It was settled before, and is sent once more by order. */
  readonly replay?: Replay;
  /** It has failed before, by whatever fault; known where it comes from its row. */
  readonly failedBefore?: boolean;
}

/** Properties of an open content's row; 32-bit integers, and times as ISO 8601 so that they compare as strings. */
export interface OpenRow extends ReplayColumns {
  contentUri: string;
  created: string;
  expires: string;
  listed: string;
  /** Not to be dispatched before this time; while claimed, the end of the claim. */
  due: string;
  attempts: number;
  claimed: boolean;
  /** Who claimed it last: queue message and delivery. */
  owner: string;
  sentRecords: number;
  /** Text: it can pass 2^31. */
  sentBytes: string;
  sentCrc32: string;
  possiblyDoubled: number;
  /** JSON array. */
  refusedRecords: string;
  missing: number;
  reopened: number;
  /** Code of the last failure. */
  code: string;
}

/** A content as its row has it. */
export function readOpenRow(scope: LedgerScope, row: TableEntityResult<OpenRow>): OpenContent {
  return {
    scope,
    contentId: contentIdOf(row.rowKey ?? ''),
    contentUri: row.contentUri,
    created: Date.parse(row.created),
    expires: Date.parse(row.expires),
    listed: Date.parse(row.listed),
    attempts: row.attempts,
    sent: {
      records: row.sentRecords,
      bytes: Number(row.sentBytes),
      crc32: Number(row.sentCrc32),
    },
    possiblyDoubled: row.possiblyDoubled,
    refusedRecords: JSON.parse(row.refusedRecords) as number[],
    missing: row.missing,
    reopened: row.reopened,
    ...readReplay(row),
    etag: row.etag,
    failedBefore: row.code !== '',
  };
}

/** The open rows of these contents, by row key; those that are not open any more are not there. */
export async function readOpenRows(
  table: TableClient,
  scope: LedgerScope,
  contents: readonly Pick<OpenContent, 'contentId' | 'created'>[],
): Promise<Map<string, TableEntityResult<OpenRow>>> {
  const keys = contents.map((content) => contentRowKey('open', content)).sort();
  const filter = `PartitionKey eq '${partitionKey(scope)}' and RowKey ge '${keys[0]}' and RowKey le '${keys.at(-1)}'`;
  const rows = new Map<string, TableEntityResult<OpenRow>>();
  for await (const row of table.listEntities<OpenRow>({ queryOptions: { filter } })) {
    if (keys.includes(row.rowKey ?? '')) rows.set(row.rowKey ?? '', row);
  }
  return rows;
}

/** How far a content has been sent, and what became of that. */
export interface SendingState {
  readonly sent: SentPrefix;
  /** Batches whose answer was lost or whose sender crashed: they may stand twice in the destination. */
  readonly possiblyDoubled: number;
  /** Places, within the content, of records that the destination refused for good; they count as sent. */
  readonly refusedRecords: readonly number[];
  /** How often the API did not find the content. */
  readonly missing: number;
}

type SendingColumns = Pick<
  OpenRow,
  'sentRecords' | 'sentBytes' | 'sentCrc32' | 'possiblyDoubled' | 'refusedRecords' | 'missing'
>;

/** The columns that say how far a content has been sent. */
export function sendingColumns({ sent, possiblyDoubled, refusedRecords, missing }: SendingState): SendingColumns {
  return {
    sentRecords: sent.records,
    sentBytes: String(sent.bytes),
    sentCrc32: String(sent.crc32),
    possiblyDoubled,
    refusedRecords: JSON.stringify(refusedRecords),
    missing,
  };
}

export const nothingSent: SendingState = {
  sent: { records: 0, bytes: 0, crc32: 0 },
  possiblyDoubled: 0,
  refusedRecords: [],
  missing: 0,
};

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
