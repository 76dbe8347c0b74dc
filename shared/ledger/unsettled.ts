import type { TableClient } from '@azure/data-tables';
import { contentStates, type LedgerScope, partitionKey } from './keys.ts';

/** What of a scope is not settled yet; times in milliseconds since 1970. */
export interface UnsettledCount {
  readonly open: number;
  readonly quarantined: number;
  /** contentCreated of the oldest open content. */
  readonly oldestOpen: number | undefined;
  /** When the first of the open and quarantined ones expires. */
  readonly soonestExpiry: number | undefined;
  /** There are more of them, and younger, than were counted. */
  readonly more: boolean;
}

/** Counts what is not settled. */
export interface UnsettledCounter {
  /** Quarantined contents and open ones, the oldest first; at most `limit` of each. */
  countUnsettled(scope: LedgerScope, limit: number): Promise<UnsettledCount>;
}

interface CountedRow {
  created: string;
  expires: string;
}

export function createUnsettledCounter(table: TableClient): UnsettledCounter {
  async function count(scope: LedgerScope, state: 'open' | 'quarantined', limit: number) {
    const prefix = contentStates[state];
    // `}` is the character after `|`.
    const filter = `PartitionKey eq '${partitionKey(scope)}' and RowKey ge '${prefix}|' and RowKey lt '${prefix}}'`;
    const queryOptions = { filter, select: ['RowKey', 'created', 'expires'] };
    let rows = 0;
    let [oldest, soonest] = ['', ''];
    for await (const { created, expires } of table.listEntities<CountedRow>({ queryOptions })) {
      if (rows === limit) return { rows, oldest, soonest, more: true };
      rows += 1;
      if (oldest === '' || created < oldest) oldest = created;
      if (soonest === '' || expires < soonest) soonest = expires;
    }
    return { rows, oldest, soonest, more: false };
  }

  return {
    async countUnsettled(scope, limit) {
      const [open, quarantined] = await Promise.all([count(scope, 'open', limit), count(scope, 'quarantined', limit)]);
      const [soonest] = [open.soonest, quarantined.soonest].filter((expires) => expires !== '').sort();
      return {
        open: open.rows,
        quarantined: quarantined.rows,
        oldestOpen: open.oldest === '' ? undefined : Date.parse(open.oldest),
        soonestExpiry: soonest === undefined ? undefined : Date.parse(soonest),
        more: open.more || quarantined.more,
      };
    },
  };
}
