import type { TableClient } from '@azure/data-tables';
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
   * Opens a settled content as if it had just been listed: due at once, nothing sent, no attempt behind it; what it had sent is kept as
   * its replay. The hour's seal comes off in the same transaction, because what becomes of the content now is what the hour's sums are
   * to say. False when the row was no longer there.
   */
  openAgain(content: SettledContent, job: string): Promise<boolean>;
}

export function createReplays(table: TableClient, now: () => number): Replays {
  async function isOpenFor(content: SettledContent, job: string): Promise<boolean> {
    const partition = partitionKey(content.scope);
    // Our own success may have been sent by now, and settled.
    for (const rowKey of [contentRowKey('open', content), content.rowKey]) {
      try {
        return (await table.getEntity<OpenRow>(partition, rowKey)).replayJob === job;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return false;
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

    async openAgain(content, job) {
      const { row, scope } = content;
      const { replay } = readReplay(row);
      const records = (replay?.records ?? 0) + row.records;
      const at = iso(now());
      const key = { partitionKey: partitionKey(scope), rowKey: contentRowKey('open', content) };
      const { settled: _settled, records: _records, bytes: _bytes, ...kept } = row;
      const open: OpenRow = {
        ...kept,
        due: at,
        attempts: 0,
        claimed: false,
        owner: job,
        ...sendingColumns({ ...nothingSent, possiblyDoubled: row.possiblyDoubled }),
        reopened: 0,
        code: '',
        ...replayColumns({ job, times: (replay?.times ?? 0) + 1, records }),
      };
      // Never the count of an hour: the hour is judged again once the content is settled.
      const unsealed: HourRow = { reopened: at, sealedListed: -1 };
      try {
        await table.submitTransaction([
          ['delete', { partitionKey: key.partitionKey, rowKey: content.rowKey }],
          ['create', { ...open, ...key }],
          // A new ETag for whoever reads the hour's ids meanwhile, as when a content comes back from quarantine.
          [
            'upsert',
            { partitionKey: key.partitionKey, rowKey: hourRowKey(hourOf(content.created)), ...unsealed },
            'Merge',
          ],
        ]);
        return true;
      } catch (error) {
        if (!isRefused(error)) throw error;
        return isOpenFor(content, job);
      }
    },
  };
}
