import { randomUUID } from 'node:crypto';
import type { TableClient, TransactionAction } from '@azure/data-tables';
import type { ListedContent } from '../management-api/listed-content.ts';
import { dispatchMs } from './backlog.ts';
import { isRefused } from './conditions.ts';
import { contentRowKey, encodeKeyPart, hourOf, hourRowKey, type LedgerScope, partitionKey } from './keys.ts';
import { type KnownHour, readHours } from './known-hour.ts';
import { countLate, noLateness } from './lateness.ts';
import { iso, nothingSent, type OpenContent, readOpenRow, readOpenRows, sendingColumns } from './open-content.ts';

/**
 * Records what a listing shows, each content once, with the hour's count raised in the same transaction.
 * Its callers are the timers; two of them at a time are kept apart by the hour's ETag, and within a process by turns.
 */
export interface ListedContents {
  /**
   * Opens the contents that were not known: due at once, but for those that are taken for dispatch right away, as the backlog
   * does it.
   *
   * @param take how many of so many new ones are taken; none by default.
   */
  add(scope: LedgerScope, listed: readonly ListedContent[], take?: Take): Promise<AddedContents>;
}

export type Take = (count: number) => number;

/** The contents that were not known. */
export interface AddedContents {
  readonly all: readonly OpenContent[];
  /** Those of them that are taken, and are to be sent. */
  readonly taken: readonly OpenContent[];
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
      else unread.set(hour, { ids: new Set(), listed: 0, late: noLateness, etag: undefined });
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

  async function insert(
    scope: LedgerScope,
    hour: string,
    contents: readonly ListedContent[],
    state: KnownHour,
    owner: string,
    take: Take,
  ): Promise<AddedContents> {
    const at = now();
    const listed = iso(at);
    const due = iso(at + dispatchMs);
    const taken = take(contents.length);
    const rows = contents.map((content, index) => ({
      partitionKey: partitionKey(scope),
      rowKey: contentRowKey('open', content),
      contentUri: content.contentUri,
      created: iso(content.created),
      expires: iso(content.expires),
      listed,
      due: index < taken ? due : listed,
      attempts: 0,
      claimed: false,
      owner,
      ...sendingColumns(nothingSent),
      reopened: 0,
      code: '',
    }));
    const late = countLate(
      state.late,
      contents.map(({ lateMs }) => lateMs),
    );
    const sum = {
      partitionKey: partitionKey(scope),
      rowKey: hourRowKey(hour),
      listed: state.listed + contents.length,
      late: late.join(','),
    };
    const actions: TransactionAction[] = rows.map((row) => ['create', row]);
    actions.push(state.etag === undefined ? ['create', sum] : ['update', sum, 'Merge', { etag: state.etag }]);
    const { subResponses } = await table.submitTransaction(actions);
    state.listed = sum.listed;
    state.late = late;
    state.etag = subResponses.at(-1)?.etag;
    for (const content of contents) state.ids.add(encodeKeyPart(content.contentId));
    knownIds += contents.length;
    const all = contents.map(
      (content, index): OpenContent => ({
        scope,
        ...content,
        listed: at,
        attempts: 0,
        ...nothingSent,
        reopened: 0,
        etag: subResponses[index]?.etag ?? '',
      }),
    );
    return { all, taken: all.slice(0, taken) };
  }

  async function addHour(
    scope: LedgerScope,
    hour: string,
    contents: readonly ListedContent[],
    state: KnownHour | undefined,
    take: Take,
    again = true,
  ): Promise<AddedContents> {
    if (!state) throw new Error(`hour ${hour} was not read`);
    let added = nothingAdded;
    const unknown = contents.filter(({ contentId }) => !state.ids.has(encodeKeyPart(contentId)));
    for (let from = 0; from < unknown.length; from += maxRowsPerTransaction) {
      const part = unknown.slice(from, from + maxRowsPerTransaction);
      const owner = randomUUID();
      try {
        added = join(added, await insert(scope, hour, part, state, owner, take));
      } catch (error) {
        known.delete(knownKey(scope, hour));
        // Memory and table disagree, or the SDK repeated an insert that had been applied: read, and try what is left.
        if (!isRefused(error) || !again) throw error;
        added = join(added, await readBack(table, scope, part, owner));
        const read = await learn(scope, [hour]);
        return join(added, await addHour(scope, hour, unknown.slice(from), read.get(hour), take, false));
      }
    }
    return added;
  }

  async function addAll(scope: LedgerScope, listed: readonly ListedContent[], take: Take): Promise<AddedContents> {
    const hours = new Map<string, Map<string, ListedContent>>();
    for (const content of listed) {
      const hour = hourOf(content.created);
      const contents = hours.get(hour) ?? new Map<string, ListedContent>();
      // A listing can show a content twice.
      hours.set(hour, contents.set(content.contentId, content));
    }
    const read = await learn(scope, hours.keys());
    let added = nothingAdded;
    for (const [hour, contents] of hours) {
      added = join(added, await addHour(scope, hour, [...contents.values()], read.get(hour), take));
    }
    return added;
  }

  return {
    async add(scope, listed, take = () => 0) {
      const partition = partitionKey(scope);
      const added = (turns.get(partition) ?? Promise.resolve()).then(() => addAll(scope, listed, take));
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

const nothingAdded: AddedContents = { all: [], taken: [] };

function join(one: AddedContents, other: AddedContents): AddedContents {
  return { all: [...one.all, ...other.all], taken: [...one.taken, ...other.taken] };
}

/** What this very insert has added, when it was applied and its answer lost. */
async function readBack(
  table: TableClient,
  scope: LedgerScope,
  contents: readonly ListedContent[],
  owner: string,
): Promise<AddedContents> {
  const rows = [...(await readOpenRows(table, scope, contents)).values()];
  const own = rows.filter((row) => row.owner === owner);
  const taken = own.filter(({ due, listed }) => due !== listed);
  return { all: own.map((row) => readOpenRow(scope, row)), taken: taken.map((row) => readOpenRow(scope, row)) };
}

function knownKey(scope: LedgerScope, hour: string): string {
  return `${partitionKey(scope)}|${hour}`;
}
