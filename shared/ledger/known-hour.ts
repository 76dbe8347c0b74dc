import type { TableClient } from '@azure/data-tables';
import { contentStates, type LedgerScope, partitionKey } from './keys.ts';
import { type Lateness, readLateness } from './lateness.ts';

/** What is known of the contents created in an hour. */
export interface KnownHour {
  /** As they stand in row keys. */
  readonly ids: Set<string>;
  listed: number;
  late: Lateness;
  /** Of the hour's row; undefined while there is none. */
  etag: string | undefined;
}

/** Reads the ids of all contents created in the hours, in whatever state, by keys only, and the hours' sums; tells how many ids. */
export async function readHours(
  table: TableClient,
  scope: LedgerScope,
  first: string,
  last: string,
  find: (hour: string) => KnownHour | undefined,
): Promise<number> {
  const partition = partitionKey(scope);
  let count = 0;
  // `}` is the character after `|`.
  const range = (prefix: string) =>
    `PartitionKey eq '${partition}' and RowKey ge '${prefix}|${first}' and RowKey lt '${prefix}|${last}}'`;
  const readState = async (prefix: string) => {
    for await (const { rowKey = '' } of table.listEntities({
      queryOptions: { filter: range(prefix), select: ['RowKey'] },
    })) {
      const [, hour = '', ...id] = rowKey.split('|');
      find(hour)?.ids.add(id.join('|'));
      count += 1;
    }
  };
  const readSums = async () => {
    for await (const row of table.listEntities<{ listed: number; late?: string }>({
      queryOptions: { filter: range('h') },
    })) {
      const hour = find((row.rowKey ?? '').slice(2));
      if (hour) Object.assign(hour, { listed: row.listed ?? 0, late: readLateness(row.late), etag: row.etag });
    }
  };
  // What is inserted, or opened again, after its hour's sum was read changes that row's ETag. What moves on meanwhile goes from
  // open to any other state, or from quarantined to expired. So in this order no id is missed.
  await readSums();
  await readState(contentStates.open);
  await readState(contentStates.quarantined);
  await Promise.all([contentStates.forwarded, contentStates.gone, contentStates.expired].map(readState));
  return count;
}
