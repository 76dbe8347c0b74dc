import type { TableClient } from '@azure/data-tables';
import { isMissing, isRefused } from '../ledger/conditions.ts';
import { iso } from '../ledger/open-content.ts';

/** What is told once a day, whatever the number of instances and restarts. */
export interface ToldDays {
  /** Whether nobody has told it today (UTC); from then on somebody has. */
  claimToday(what: string): Promise<boolean>;
}

const partitionKey = 'told';

export function createToldDays(table: TableClient, now: () => number): ToldDays {
  /** The day on which it was told, as far as this instance knows. */
  const known = new Map<string, string>();

  async function read(rowKey: string) {
    try {
      return await table.getEntity<{ day: string }>(partitionKey, rowKey);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return {
    async claimToday(what) {
      const day = iso(now()).slice(0, 10);
      if (known.get(what) === day) return false;
      const row = await read(what);
      if (row?.day === day) {
        known.set(what, day);
        return false;
      }
      const entity = { partitionKey, rowKey: what, day };
      try {
        if (row) await table.updateEntity(entity, 'Replace', { etag: row.etag });
        else await table.createEntity(entity);
        known.set(what, day);
        return true;
      } catch (error) {
        // Another instance was faster; or it was our own write, repeated by the SDK: then it is told tomorrow.
        if (isRefused(error)) return false;
        throw error;
      }
    },
  };
}
