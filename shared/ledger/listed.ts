import type { TableClient, TransactionAction } from '@azure/data-tables';
import type { ListedContent } from '../management-api/listed-content.ts';
import { isRefused } from './conditions.ts';
import {
  contentRowKey,
  contentStates,
  encodeKeyPart,
  hourOf,
  hourRowKey,
  type LedgerScope,
  partitionKey,
} from './keys.ts';
import { iso, nothingSent, type OpenContent, sendingColumns } from './open-content.ts';

/**
 * Records what a listing shows, each content once, with the hour's count raised in the same transaction.
 * Its callers are the timers; two of them at a time are kept apart by the hour's ETag, and within a process by turns.
 */
export interface ListedContents {
  /** The contents that were not known, now open, due at once. */
  add(scope: LedgerScope, listed: readonly ListedContent[]): Promise<readonly OpenContent[]>;
}

interface KnownHour {
  readonly ids: Set<string>;
  listed: number;
  /** Of the hour's row; undefined while there is none. */
  etag: string | undefined;
}

/** A transaction takes 100 operations; one is the hour's row. */
const maxRowsPerTransaction = 99;
/** Hours whose known ids are kept in memory, all scopes together; about 100 bytes an id. */
const maxKnownHours = 2_000;
const maxKnownIds = 500_000;

export function createListedContents(table: TableClient, now: () => number): ListedContents {
  /** Known ids only grow: what one run has read or inserted, the next need not read again. */
  const known = new Map<string, KnownHour>();
  let knownIds = 0;
  /** The last addition to each scope. */
  const turns = new Map<string, Promise<unknown>>();

  /** What is known of these hours; whatever is missing is read at once, from the first to the last. */
  async function learn(scope: LedgerScope, hours: Iterable<string>): Promise<Map<string, KnownHour>> {
    const found = new Map<string, KnownHour>();
    const unread = new Map<string, KnownHour>();
    for (const hour of hours) {
      const state = known.get(knownKey(scope, hour));
      if (state) found.set(hour, state);
      else unread.set(hour, { ids: new Set(), listed: 0, etag: undefined });
    }
    const missing = [...unread.keys()].sort();
    const [first, last] = [missing[0], missing.at(-1)];
    if (first === undefined || last === undefined) return found;
    if (known.size > maxKnownHours || knownIds > maxKnownIds) {
      known.clear();
      knownIds = 0;
    }
    knownIds += await readHours(table, scope, first, last, (hour) => unread.get(hour));
    for (const [hour, state] of unread) {
      known.set(knownKey(scope, hour), state);
      found.set(hour, state);
    }
    return found;
  }

  async function insert(scope: LedgerScope, hour: string, contents: readonly ListedContent[], state: KnownHour) {
    const listed = iso(now());
    const rows = contents.map((content) => ({
      partitionKey: partitionKey(scope),
      rowKey: contentRowKey('open', content),
      contentUri: content.contentUri,
      created: iso(content.created),
      expires: iso(content.expires),
      listed,
      due: listed,
      attempts: 0,
      claimed: false,
      owner: '',
      ...sendingColumns(nothingSent),
      reopened: 0,
      code: '',
    }));
    const sum = {
      partitionKey: partitionKey(scope),
      rowKey: hourRowKey(hour),
      listed: state.listed + contents.length,
    };
    const actions: TransactionAction[] = rows.map((row) => ['create', row]);
    actions.push(state.etag === undefined ? ['create', sum] : ['update', sum, 'Merge', { etag: state.etag }]);
    const { subResponses } = await table.submitTransaction(actions);
    state.listed = sum.listed;
    state.etag = subResponses.at(-1)?.etag;
    for (const content of contents) state.ids.add(encodeKeyPart(content.contentId));
    knownIds += contents.length;
    return contents.map(
      (content, index): OpenContent => ({
        scope,
        ...content,
        listed: Date.parse(listed),
        attempts: 0,
        ...nothingSent,
        reopened: 0,
        etag: subResponses[index]?.etag ?? '',
      }),
    );
  }

  async function addHour(
    scope: LedgerScope,
    hour: string,
    contents: readonly ListedContent[],
    state: KnownHour | undefined,
    again = true,
  ): Promise<OpenContent[]> {
    if (!state) throw new Error(`hour ${hour} was not read`);
    const added: OpenContent[] = [];
    const unknown = contents.filter(({ contentId }) => !state.ids.has(encodeKeyPart(contentId)));
    for (let from = 0; from < unknown.length; from += maxRowsPerTransaction) {
      const part = unknown.slice(from, from + maxRowsPerTransaction);
      try {
        added.push(...(await insert(scope, hour, part, state)));
      } catch (error) {
        known.delete(knownKey(scope, hour));
        // Memory and table disagree, or the SDK repeated an insert that had been applied: read, and try what is left.
        if (!isRefused(error) || !again) throw error;
        const read = await learn(scope, [hour]);
        return [...added, ...(await addHour(scope, hour, unknown.slice(from), read.get(hour), false))];
      }
    }
    return added;
  }

  async function addAll(scope: LedgerScope, listed: readonly ListedContent[]): Promise<OpenContent[]> {
    const hours = new Map<string, Map<string, ListedContent>>();
    for (const content of listed) {
      const hour = hourOf(content.created);
      const contents = hours.get(hour) ?? new Map<string, ListedContent>();
      // A listing can show a content twice.
      hours.set(hour, contents.set(content.contentId, content));
    }
    const read = await learn(scope, hours.keys());
    const added: OpenContent[] = [];
    for (const [hour, contents] of hours) {
      added.push(...(await addHour(scope, hour, [...contents.values()], read.get(hour))));
    }
    return added;
  }

  return {
    async add(scope, listed) {
      const partition = partitionKey(scope);
      const added = (turns.get(partition) ?? Promise.resolve()).then(() => addAll(scope, listed));
      turns.set(
        partition,
        added.then(
          () => undefined,
          () => undefined,
        ),
      );
      return await added;
    },
  };
}

function knownKey(scope: LedgerScope, hour: string): string {
  return `${partitionKey(scope)}|${hour}`;
}

/** Reads the ids of all contents created in the hours, in whatever state, by keys only, and the hours' sums; tells how many ids. */
async function readHours(
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
    for await (const row of table.listEntities<{ listed: number }>({
      queryOptions: { filter: range('h') },
    })) {
      const hour = find((row.rowKey ?? '').slice(2));
      if (hour) Object.assign(hour, { listed: row.listed ?? 0, etag: row.etag });
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
