import { randomUUID } from 'node:crypto';
import type { TableClient, TableEntityResult } from '@azure/data-tables';
import type { ContentType } from '../settings/settings.ts';
import { isMissing, isRefused } from './conditions.ts';
import type { SettledState } from './keys.ts';
import { iso } from './open-content.ts';

/** What an administrator has asked for; times in milliseconds since 1970, of contentCreated, the end not included. */
export interface Order {
  readonly kind: 'backfill' | 'replay';
  readonly tenantId: string;
  readonly contentTypes: readonly ContentType[];
  readonly from: number;
  readonly to: number;
  /** Which contents a replay opens again; in the order in which it goes through them. */
  readonly states: readonly SettledState[];
  /** These contents alone; all when there are none. */
  readonly contentIds: readonly string[];
}

export type JobState = 'waiting' | 'running' | 'finished' | 'cancelled';

/** Why a content was not opened again. `missing` are ids that were asked for and not found. */
export type SkipReason = 'expired' | 'changed' | 'already' | 'missing';

/** How far a content type has come: listed until then, or gone through until that row of that state. */
export interface TypeCursor {
  readonly until?: number;
  /** Width of the parts that can be listed within a run, in milliseconds, once a part was too wide. */
  readonly widthMs?: number;
  readonly state?: number;
  readonly after?: string;
  readonly ended?: boolean;
}

/** What a job has done so far. */
export interface JobProgress {
  readonly state: JobState;
  readonly cursors: Readonly<Partial<Record<ContentType, TypeCursor>>>;
  /** Contents that it has come across. */
  readonly found: number;
  /** Contents that it has opened. */
  readonly done: number;
  /** Contents that it has left as they were; of a backfill those that were known. */
  readonly skipped: Readonly<Partial<Record<SkipReason | 'known', number>>>;
  /** What it waits for, or what went wrong last; empty when nothing does. */
  readonly note: string;
}

/** An order and what has become of it. */
export interface Job extends JobProgress {
  readonly id: string;
  readonly order: Order;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Condition of the next write. */
  readonly etag: string;
}

/** The orders, each in a row of its own. HTTP functions write them and cancel them; the listing timer alone does what they say. */
export interface Jobs {
  /** All of them, oldest first. */
  listJobs(): Promise<readonly Job[]>;
  createJob(order: Order): Promise<Job>;
  /** The job as it is then: one that has ended stays as it ended. Undefined when there is none of this id. */
  cancelJob(id: string): Promise<Job | undefined>;
  /** Notes how far a job has come. Returns it as it is then, cancelled perhaps; undefined when its row is gone. */
  noteJob(job: Job, progress: JobProgress): Promise<Job | undefined>;
  removeJob(job: Job): Promise<void>;
}

interface JobRow {
  kind: string;
  tenantId: string;
  /** JSON, as the other columns of several values. */
  order: string;
  cursors: string;
  skipped: string;
  state: JobState;
  found: number;
  done: number;
  note: string;
  created: string;
  updated: string;
}

const partitionKey = 'job';
const maxNote = 1_000;

export function createJobs(table: TableClient, now: () => number): Jobs {
  async function read(id: string): Promise<Job | undefined> {
    try {
      return readRow(await table.getEntity<JobRow>(partitionKey, id));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async function write(job: Job, progress: JobProgress, etag: string): Promise<Job> {
    const updatedAt = now();
    const row = { partitionKey, rowKey: job.id, ...progressColumns(progress), updated: iso(updatedAt) };
    const written = await table.updateEntity(row, 'Merge', { etag });
    return { ...job, ...progress, updatedAt, etag: written.etag ?? '' };
  }

  return {
    async listJobs() {
      const jobs: Job[] = [];
      const filter = `PartitionKey eq '${partitionKey}'`;
      for await (const row of table.listEntities<JobRow>({ queryOptions: { filter } })) jobs.push(readRow(row));
      return jobs;
    },

    async createJob(order) {
      const at = now();
      // Sorts by time, and can stand in an address.
      const id = `${iso(at).slice(0, 19).replace(/[-:]/g, '')}-${randomUUID().slice(0, 8)}`;
      const progress: JobProgress = { state: 'waiting', cursors: {}, found: 0, done: 0, skipped: {}, note: '' };
      const columns = { kind: order.kind, tenantId: order.tenantId, order: JSON.stringify(order) };
      const times = { created: iso(at), updated: iso(at) };
      // An upsert: after a lost answer the SDK repeats it, and nobody else has this id.
      const { etag = '' } = await table.upsertEntity(
        { partitionKey, rowKey: id, ...columns, ...progressColumns(progress), ...times },
        'Replace',
      );
      return { id, order, ...progress, createdAt: at, updatedAt: at, etag };
    },

    async cancelJob(id) {
      for (let attempt = 1; ; attempt += 1) {
        const job = await read(id);
        if (!job || hasEnded(job)) return job;
        try {
          return await write(job, { ...job, state: 'cancelled' }, job.etag);
        } catch (error) {
          if (!isRefused(error) || attempt === 5) throw error;
        }
      }
    },

    async noteJob(job, progress) {
      let [etag, state] = [job.etag, progress.state];
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await write(job, { ...progress, state }, etag);
        } catch (error) {
          if (!isRefused(error) || attempt === 5) throw error;
          // Cancelled meanwhile, or written already and its answer lost; what was done until now is counted either way.
          const found = await read(job.id);
          if (!found) return undefined;
          etag = found.etag;
          if (found.state === 'cancelled') state = found.state;
        }
      }
    },

    async removeJob({ id }) {
      await table.deleteEntity(partitionKey, id).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
  };
}

/** Nothing is done for it any more. */
export function hasEnded({ state }: Pick<Job, 'state'>): boolean {
  return state === 'finished' || state === 'cancelled';
}

function progressColumns({ state, cursors, found, done, skipped, note }: JobProgress) {
  const texts = { cursors: JSON.stringify(cursors), skipped: JSON.stringify(skipped), note: note.slice(0, maxNote) };
  return { state, found, done, ...texts };
}

function readRow(row: TableEntityResult<JobRow>): Job {
  const { rowKey: id = '', state, found, done, note, etag } = row;
  return {
    id,
    order: JSON.parse(row.order) as Order,
    state,
    found,
    done,
    note,
    cursors: JSON.parse(row.cursors) as JobProgress['cursors'],
    skipped: JSON.parse(row.skipped) as JobProgress['skipped'],
    createdAt: Date.parse(row.created),
    updatedAt: Date.parse(row.updated),
    etag,
  };
}
