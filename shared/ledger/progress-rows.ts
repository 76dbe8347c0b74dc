import { isDeepStrictEqual } from 'node:util';
import type { TableClient } from '@azure/data-tables';
import type { ErrorCode } from '../errors.ts';
import type { TimeWindow } from '../management-api/management-api.ts';
import { isMissing, isRefused } from './conditions.ts';
import { type LedgerScope, partitionKey } from './keys.ts';
import { iso } from './open-content.ts';

/** A re-listing pass: when the last complete one began, and how far one under way has come; milliseconds since 1970. */
export interface PassProgress {
  readonly completed: number;
  readonly running?: {
    readonly cursor: number;
    readonly to: number;
    readonly started: number;
  };
}

/** How far a content type has been listed; milliseconds since 1970. */
export interface Checkpoint {
  /** Nothing created before this is collected: the first start less BACKFILL_HOURS. */
  readonly floor: number;
  /** Everything created before this has been listed at least once. */
  readonly listedUntil: number;
  /** By the pass's name. */
  readonly passes: Readonly<Record<string, PassProgress>>;
}

/** What is remembered of a subscription. */
export interface SubscriptionState {
  readonly status: 'enabled' | 'disabled' | 'missing' | 'unknown';
  /** Of the last start that was tried, milliseconds since 1970; 0 before the first. */
  readonly lastStart: number;
  /** The run that wrote that start down. */
  readonly startedBy: string;
  /** Of the last fault, which has not been mended; empty strings when there is none. */
  readonly code: ErrorCode | '';
  readonly message: string;
  readonly remedy: string;
  /** Of the row as it was read or written; undefined when there is none. */
  readonly etag?: string;
}

/** The rows that stand beside the contents in a scope's partition. Only the listing timer writes them. */
export interface ProgressRows {
  readCheckpoint(scope: LedgerScope): Promise<Checkpoint | undefined>;
  writeCheckpoint(scope: LedgerScope, checkpoint: Checkpoint): Promise<void>;
  readSubscription(scope: LedgerScope): Promise<SubscriptionState>;
  /**
   * Writes it over the row that it was read from.
   *
   * @returns what was written, or undefined when another run has written meanwhile: that stands.
   */
  writeSubscription(scope: LedgerScope, state: SubscriptionState): Promise<SubscriptionState | undefined>;
  /** Intervals of contentCreated that were never listed, oldest first. */
  readLostIntervals(scope: LedgerScope): Promise<readonly TimeWindow[]>;
  /** Remembers one, or a later end of one that is known; its start names it. */
  writeLostInterval(scope: LedgerScope, interval: TimeWindow): Promise<void>;
}

/** Properties of a subscription's row; `remedy` and `startedBy` are missing in rows of earlier versions. */
export interface SubscriptionRow {
  status: SubscriptionState['status'];
  lastStart: string;
  startedBy?: string;
  code: ErrorCode | '';
  message: string;
  remedy?: string;
}

/** A subscription as its row has it; undefined stands for no row. */
export function readSubscriptionRow(row: (SubscriptionRow & { etag?: string }) | undefined): SubscriptionState {
  if (!row) return { status: 'unknown', lastStart: 0, startedBy: '', code: '', message: '', remedy: '' };
  const { status, lastStart, startedBy = '', code, message, remedy = '', etag } = row;
  const state = { status, lastStart: Date.parse(lastStart), startedBy, code, message, remedy };
  return etag === undefined ? state : { ...state, etag };
}

const checkpointRowKey = 'c|checkpoint';
const subscriptionRowKey = 's|subscription';

export function createProgressRows(table: TableClient): ProgressRows {
  const read = <T extends object>(scope: LedgerScope, rowKey: string) =>
    table.getEntity<T>(partitionKey(scope), rowKey).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });

  return {
    async readCheckpoint(scope) {
      const row = await read<{
        floor: string;
        listedUntil: string;
        passes: string;
      }>(scope, checkpointRowKey);
      if (!row) return undefined;
      const passes = JSON.parse(row.passes) as Checkpoint['passes'];
      return {
        floor: Date.parse(row.floor),
        listedUntil: Date.parse(row.listedUntil),
        passes,
      };
    },

    async writeCheckpoint(scope, { floor, listedUntil, passes }) {
      await table.upsertEntity(
        {
          partitionKey: partitionKey(scope),
          rowKey: checkpointRowKey,
          floor: iso(floor),
          listedUntil: iso(listedUntil),
          passes: JSON.stringify(passes),
        },
        'Replace',
      );
    },

    async readSubscription(scope) {
      return readSubscriptionRow(await read<SubscriptionRow>(scope, subscriptionRowKey));
    },

    async writeSubscription(scope, { etag, ...state }) {
      const row = {
        partitionKey: partitionKey(scope),
        rowKey: subscriptionRowKey,
        ...state,
        lastStart: iso(state.lastStart),
      };
      const write = etag === undefined ? table.createEntity(row) : table.updateEntity(row, 'Replace', { etag });
      const written = await write.catch((error: unknown) => {
        if (isRefused(error)) return undefined;
        throw error;
      });
      if (written?.etag !== undefined) return { ...state, etag: written.etag };
      // The SDK repeats a request whose answer was lost: the row may be this very one.
      const found = await this.readSubscription(scope);
      return isDeepStrictEqual({ ...found, etag: undefined }, { ...state, etag: undefined }) ? found : undefined;
    },

    async readLostIntervals(scope) {
      const intervals: TimeWindow[] = [];
      const filter = `PartitionKey eq '${partitionKey(scope)}' and RowKey ge 'l|' and RowKey lt 'l}'`;
      for await (const row of table.listEntities<{ from: string; to: string }>({ queryOptions: { filter } })) {
        intervals.push({ from: Date.parse(row.from), to: Date.parse(row.to) });
      }
      return intervals;
    },

    async writeLostInterval(scope, { from, to }) {
      const row = { partitionKey: partitionKey(scope), rowKey: `l|${iso(from)}`, from: iso(from), to: iso(to) };
      await table.upsertEntity(row, 'Replace');
    },
  };
}
