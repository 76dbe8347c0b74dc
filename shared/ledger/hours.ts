import type { TableClient, TransactionAction } from '@azure/data-tables';
import { isMissing, isRefused } from './conditions.ts';
import { createHourContents, type HourContentsReader } from './hour-contents.ts';
import {
  type Comparison,
  comparisonColumns,
  type Hour,
  type HourLag,
  type HourRow,
  type HourSums,
  readHourRow,
  sealColumns,
} from './hour-rows.ts';
import { hourRowKey, type LedgerScope, partitionKey } from './keys.ts';
import { iso } from './open-content.ts';

/** An hour whose sums balance. */
export interface Seal {
  readonly hour: Hour;
  readonly sums: HourSums;
  readonly lag?: HourLag;
  /** The fresh listing it was compared with; absent when there was none this time. */
  readonly comparison?: Comparison;
}

/** An hour's count and what the rows say, where they differ. */
export interface Imbalance {
  readonly listed: number;
  /** Contents that the ledger has as settled. */
  readonly settled: number;
}

/**
 * The hours of a scope: what was listed of each, and what became of it. An hour's row is written by whoever lists, under its
 * ETag; what is written here changes that, so an hour that got a content meanwhile refuses to be sealed.
 */
export interface Hours extends HourContentsReader {
  /** All hours that have a row, oldest first. */
  readHours(scope: LedgerScope): Promise<readonly Hour[]>;
  /** Has the hour got no content since it was read? Then rows that were read meanwhile are those of its count. */
  isUnchanged(scope: LedgerScope, hour: Hour): Promise<boolean>;
  /** Seals the hours, all or none; false when one of them changed since it was read. */
  sealHours(scope: LedgerScope, seals: readonly Seal[]): Promise<boolean>;
  /** Remembers that an hour does not balance, so that it is told once. */
  noteImbalance(scope: LedgerScope, hour: string, imbalance: Imbalance, comparison?: Comparison): Promise<void>;
  /** Marks the hour: from now on its rows become fewer. Returns it as it is then, undefined when it changed since it was read. */
  beginRemoval(scope: LedgerScope, hour: Hour): Promise<Hour | undefined>;
  /** Deletes rows of settled contents, at most 100; false when one of them was no longer there, and none was deleted. */
  removeContents(scope: LedgerScope, rowKeys: readonly string[]): Promise<boolean>;
  /** Deletes the hour's own row; the last step. */
  removeHour(scope: LedgerScope, hour: Hour): Promise<void>;
}

export function createHours(table: TableClient, now: () => number): Hours {
  const key = (scope: LedgerScope, hour: string) => ({ partitionKey: partitionKey(scope), rowKey: hourRowKey(hour) });

  async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      // It may also have been applied, its answer lost and the request repeated by the SDK: the next run reads what is there.
      if (isRefused(error)) return undefined;
      throw error;
    }
  }

  return {
    ...createHourContents(table),

    async readHours(scope) {
      const hours: Hour[] = [];
      const filter = `PartitionKey eq '${partitionKey(scope)}' and RowKey ge 'h|' and RowKey lt 'h}'`;
      for await (const row of table.listEntities<HourRow>({ queryOptions: { filter } })) hours.push(readHourRow(row));
      return hours;
    },

    async isUnchanged(scope, hour) {
      const { partitionKey, rowKey } = key(scope, hour.hour);
      try {
        const row = await table.getEntity(partitionKey, rowKey, { queryOptions: { select: ['RowKey'] } });
        return row.etag === hour.etag;
      } catch (error) {
        if (isMissing(error)) return hour.etag === undefined;
        throw error;
      }
    },

    async sealHours(scope, seals) {
      const actions = seals.map(({ hour, sums, lag, comparison }): TransactionAction => {
        const row = {
          ...key(scope, hour.hour),
          ...sealColumns(hour.listed, sums, lag, now()),
          ...comparisonColumns(comparison),
        };
        return hour.etag === undefined
          ? ['create', { ...row, listed: hour.listed }]
          : ['update', row, 'Merge', { etag: hour.etag }];
      });
      return (await unlessRefused(table.submitTransaction(actions))) !== undefined;
    },

    async noteImbalance(scope, hour, { listed, settled }, comparison) {
      const columns: Partial<HourRow> = {
        unbalanced: iso(now()),
        unbalancedListed: listed,
        unbalancedSettled: settled,
        ...comparisonColumns(comparison),
      };
      // Without a condition: it is about the count it names, and nobody else writes these columns.
      await table.upsertEntity({ ...key(scope, hour), ...columns }, 'Merge');
    },

    async beginRemoval(scope, hour) {
      const row = { ...key(scope, hour.hour), removing: iso(now()) };
      const written = await unlessRefused(table.updateEntity(row, 'Merge', { etag: hour.etag ?? '' }));
      return written && { ...hour, removing: true, etag: written.etag ?? '' };
    },

    async removeContents(scope, rowKeys) {
      if (rowKeys.length === 0) return true;
      const partition = partitionKey(scope);
      const actions = rowKeys.map((rowKey): TransactionAction => ['delete', { partitionKey: partition, rowKey }]);
      return (await unlessRefused(table.submitTransaction(actions))) !== undefined;
    },

    async removeHour(scope, hour) {
      const { partitionKey, rowKey } = key(scope, hour.hour);
      await table.deleteEntity(partitionKey, rowKey, { etag: hour.etag ?? '*' }).catch((error: unknown) => {
        if (!isRefused(error)) throw error;
      });
    },
  };
}
