import { randomUUID } from 'node:crypto';
import type { TableClient, TableEntityResult, TransactionAction } from '@azure/data-tables';
import pMap from 'p-map';
import { isMissing, isRefused } from './conditions.ts';
import type { HourRow } from './hour-rows.ts';
import type { SettledState } from './keys.ts';
import { contentRowKey, contentStates, hourOf, hourRowKey, type LedgerScope, partitionKey } from './keys.ts';
import { iso, nothingSent, type OpenRow, sendingColumns } from './open-content.ts';
import { readReplay, replayColumns } from './replay-columns.ts';
import { type QuarantinedContent, readSettledRow, type SettledRow } from './settled-contents.ts';

/** A settled content, whatever its state. */
export interface SettledContent extends QuarantinedContent {
  readonly state: SettledState;
  /** As a cursor takes it. */
  readonly rowKey: string;
}

/** Settled contents of one state, oldest first. */
export interface SettledRange {
  readonly scope: LedgerScope;
  readonly state: SettledState;
  /** contentCreated, milliseconds since 1970; the end is not included. */
  readonly from: number;
  readonly to: number;
  /** Those behind this row key alone. */
  readonly after?: string | undefined;
}

/** Reading what is settled, and opening it again because somebody orders it. Only the listing timer opens. */
export interface Replays {
  /** The first `limit` of the range; fewer when it ends there. */
  readSettled(range: SettledRange, limit: number): Promise<readonly SettledContent[]>;
  /**
   * Opens settled contents of one hour as if they had just been listed: due at once, nothing sent, no attempt behind them; what had been
   * sent is kept as their replay. The hour's seal comes off in the same transaction, because what becomes of them now is what the
   * hour's sums are to say. Returns how many it opened; those whose row was no longer there are left alone.
   */
  openAgain(contents: readonly SettledContent[], job: string): Promise<number>;
}

/** A transaction takes 100 operations: two for each content, and one for the hour's row. */
const maxContents = 49;
const readsAtATime = 8;
const maxAttempts = 5;

export function createReplays(table: TableClient, now: () => number): Replays {
  async function read<T extends object>(scope: LedgerScope, rowKey: string) {
    try {
      return await table.getEntity<T>(partitionKey(scope), rowKey);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Those that are still settled as they were when they were read. */
  async function unchanged(contents: readonly SettledContent[]): Promise<SettledContent[]> {
    const rows = await pMap(contents, ({ scope, rowKey }) => read<SettledRow>(scope, rowKey), {
      concurrency: readsAtATime,
    });
    return contents.filter((content, index) => rows[index]?.settled === content.row.settled);
  }

  /** The row of an hour that is not sealed any more, written by `by`; under its ETag, so that the SDK cannot repeat the whole. */
  function unseal(hour: TableEntityResult<HourRow> | undefined, key: Key, by: string): TransactionAction {
    const row = { ...key, reopened: iso(now()), reopenedBy: by, sealedListed: -1 } satisfies Key & HourRow;
    return hour ? ['update', row, 'Merge', { etag: hour.etag }] : ['create', row];
  }

  async function openPart(contents: readonly SettledContent[], job: string, attempt = 1): Promise<number> {
    const [first] = contents;
    if (!first) return 0;
    const { scope } = first;
    const key = { partitionKey: partitionKey(scope), rowKey: hourRowKey(hourOf(first.created)) };
    const by = randomUUID();
    const actions = contents.flatMap((content): TransactionAction[] => [
      ['delete', { partitionKey: key.partitionKey, rowKey: content.rowKey }],
      [
        'create',
        {
          ...openRow(content, job, iso(now())),
          partitionKey: key.partitionKey,
          rowKey: contentRowKey('open', content),
        },
      ],
    ]);
    actions.push(unseal(await read<HourRow>(scope, key.rowKey), key, by));
    try {
      await table.submitTransaction(actions);
      return contents.length;
    } catch (error) {
      if (!isRefused(error)) throw error;
      // Applied, its answer lost and repeated by the SDK: by now some may have been sent, and settled under their old keys.
      if ((await read<HourRow>(scope, key.rowKey))?.reopenedBy === by) return contents.length;
      if (attempt === maxAttempts) throw error;
      return await openPart(await unchanged(contents), job, attempt + 1);
    }
  }

  return {
    async readSettled({ scope, state, from, to, after }, limit) {
      if (from >= to) return [];
      const prefix = contentStates[state];
      const first = after === undefined ? `RowKey ge '${prefix}|${hourOf(from)}'` : `RowKey gt '${after}'`;
      const filter =
        `PartitionKey eq '${partitionKey(scope)}' and ${first} and RowKey lt '${prefix}|${hourOf(to)}}' ` +
        `and created ge '${iso(from)}' and created lt '${iso(to)}'`;
      const contents: SettledContent[] = [];
      // One page holds what is asked for: nothing is read to be thrown away.
      const pages = table.listEntities<SettledRow>({ queryOptions: { filter } }).byPage({ maxPageSize: limit });
      for await (const page of pages) {
        for (const row of page) contents.push({ ...readSettledRow(scope, row), state, rowKey: row.rowKey ?? '' });
        if (contents.length >= limit) break;
      }
      return contents.slice(0, limit);
    },

    async openAgain(contents, job) {
      let opened = 0;
      for (let from = 0; from < contents.length; from += maxContents) {
        opened += await openPart(contents.slice(from, from + maxContents), job);
      }
      return opened;
    },
  };
}

interface Key {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** The row of a content that begins anew. */
function openRow({ row }: SettledContent, job: string, at: string): OpenRow {
  const { settled: _settled, records, bytes: _bytes, ...kept } = row;
  const { replay } = readReplay(row);
  return {
    ...kept,
    due: at,
    attempts: 0,
    claimed: false,
    owner: job,
    ...sendingColumns({ ...nothingSent, possiblyDoubled: row.possiblyDoubled }),
    reopened: 0,
    code: '',
    ...replayColumns({ job, times: (replay?.times ?? 0) + 1, records: (replay?.records ?? 0) + records }),
  };
}
