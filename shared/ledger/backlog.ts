import type { TableClient, TransactionAction } from '@azure/data-tables';
import { isRefused } from './conditions.ts';
import { orderDue } from './due-order.ts';
import { contentRowKey, hourOf, type LedgerScope, partitionKey } from './keys.ts';
import { iso, type OpenContent, type OpenRow, readOpenRow, readOpenRows } from './open-content.ts';

/** How long a dispatched content waits for its message to be worked on before it is dispatched again; the message's time to live too. */
export const dispatchMs = 20 * 60_000;

/** The open contents as the dispatcher sees them. */
export interface Backlog {
  /** Open contents whose time has come, in the order in which they should go, at most `limit`. */
  due(scope: LedgerScope, limit: number): Promise<readonly OpenContent[]>;
  /**
   * Takes these for dispatch: nobody else will for the next 20 minutes. Returns them with their new ETags; what changed
   * meanwhile is left out.
   */
  take(scope: LedgerScope, contents: readonly OpenContent[]): Promise<readonly OpenContent[]>;
}

const maxActions = 100;
/** What was created in this time is fresh: no backlog may keep it waiting. */
const freshMs = 2 * 60 * 60_000;

export function createBacklog(table: TableClient, now: () => number): Backlog {
  async function takePart(scope: LedgerScope, part: readonly OpenContent[]): Promise<OpenContent[]> {
    const due = iso(now() + dispatchMs);
    const actions = part.map((content): TransactionAction => {
      const row = {
        partitionKey: partitionKey(scope),
        rowKey: contentRowKey('open', content),
      };
      // A claim that ran out ends here; what its sender may have got through is counted.
      return [
        'update',
        {
          ...row,
          due,
          claimed: false,
          possiblyDoubled: content.possiblyDoubled,
        },
        'Merge',
        { etag: content.etag },
      ];
    });
    try {
      const { subResponses } = await table.submitTransaction(actions);
      return part.map((content, index) => ({
        ...content,
        etag: subResponses[index]?.etag ?? '',
      }));
    } catch (error) {
      if (!isRefused(error)) throw error;
      // One row that changed undoes all; or all was applied, the answer lost and the request repeated by the SDK.
      const rows = await readOpenRows(table, scope, part);
      const taken: OpenContent[] = [];
      const unchanged: OpenContent[] = [];
      for (const content of part) {
        const row = rows.get(contentRowKey('open', content));
        if (row?.due === due && !row.claimed) taken.push({ ...content, etag: row.etag });
        else if (row?.etag === content.etag) unchanged.push(content);
      }
      if (unchanged.length === part.length) throw error;
      return unchanged.length === 0 ? taken : [...taken, ...(await takePart(scope, unchanged))];
    }
  }

  /** Due rows from an hour on, oldest first. */
  async function find(scope: LedgerScope, fromHour: string, limit: number): Promise<OpenContent[]> {
    const found: OpenContent[] = [];
    const filter = `PartitionKey eq '${partitionKey(scope)}' and RowKey ge 'o|${fromHour}' and RowKey lt 'o}' and due le '${iso(now())}'`;
    for await (const row of table.listEntities<OpenRow>({ queryOptions: { filter } })) {
      const content = readOpenRow(scope, row);
      found.push(row.claimed ? { ...content, possiblyDoubled: content.possiblyDoubled + 1 } : content);
      if (found.length >= limit) break;
    }
    return found;
  }

  return {
    async due(scope, limit) {
      const oldest = await find(scope, '', limit);
      if (oldest.length < limit) return oldest;
      const fresh = await find(scope, hourOf(now() - freshMs), limit);
      return orderDue(oldest, fresh, now()).slice(0, limit);
    },

    async take(scope, contents) {
      const taken: OpenContent[] = [];
      for (let from = 0; from < contents.length; from += maxActions) {
        taken.push(...(await takePart(scope, contents.slice(from, from + maxActions))));
      }
      return taken;
    },
  };
}
