import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobs, type Order } from '../../shared/ledger/jobs.ts';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createLosingTable } from './losing-table.ts';

const start = Date.parse('2026-11-20T10:20:00Z');
const order: Order = {
  kind: 'replay',
  tenantId: 'tenant',
  contentTypes: ['Audit.Exchange'],
  from: start - 1_000,
  to: start,
  states: ['forwarded'],
  contentIds: ['a#/?'],
};
const progress = {
  state: 'running',
  cursors: { 'Audit.Exchange': { state: 0, after: 'f|x' } },
  found: 3,
  done: 2,
  skipped: { expired: 1 },
  note: '',
} as const;
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

async function someJobs() {
  const clock = { now: start };
  const storage = await createLosingTable(azurite.connectionString);
  return { clock, storage, jobs: createJobs(storage.table, () => clock.now) };
}

describe('jobs', () => {
  it('are kept as they were ordered, oldest first, and read with one request', async () => {
    const { jobs, clock, storage } = await someJobs();
    const first = await jobs.createJob(order);
    clock.now += 1_000;
    const second = await jobs.createJob({ ...order, kind: 'backfill' });
    const before = storage.requests;
    expect(await jobs.listJobs()).toEqual([first, second]);
    expect(storage.requests - before).toBe(1);
    expect(first).toMatchObject({ state: 'waiting', order, createdAt: start });
    await jobs.removeJob(first);
    expect(await jobs.listJobs()).toEqual([second]);
  });

  it('are created and noted once when storage repeats what it had applied', async () => {
    const { jobs, storage } = await someJobs();
    storage.loseNextAnswer();
    const job = await jobs.createJob(order);
    storage.loseNextAnswer();
    const noted = await jobs.noteJob(job, progress);
    expect(noted).toMatchObject(progress);
    expect(await jobs.listJobs()).toMatchObject([{ id: job.id, ...progress }]);
  });

  it('that are cancelled while they are worked on stay so, and what was done is noted', async () => {
    const { jobs } = await someJobs();
    const job = await jobs.createJob(order);
    expect(await jobs.cancelJob(job.id)).toMatchObject({ state: 'cancelled' });
    expect(await jobs.noteJob(job, progress)).toMatchObject({ state: 'cancelled', done: 2 });
    expect(await jobs.listJobs()).toMatchObject([{ state: 'cancelled', done: 2 }]);
  });

  it('stay cancelled too when that comes between a lost answer and its repetition', async () => {
    const { jobs, storage } = await someJobs();
    const job = await jobs.createJob(order);
    const elsewhere = createJobs(storage.another().table, () => start);
    storage.afterNextRead(() => elsewhere.cancelJob(job.id));
    storage.loseNextAnswer();
    expect(await jobs.noteJob(job, progress)).toMatchObject({ state: 'cancelled', done: 2 });
    expect(await jobs.listJobs()).toMatchObject([{ state: 'cancelled', done: 2 }]);
  });

  it('that have ended cannot be cancelled, nor can what is not there', async () => {
    const { jobs } = await someJobs();
    const job = await jobs.createJob(order);
    await jobs.noteJob(job, { ...progress, state: 'finished' });
    expect(await jobs.cancelJob(job.id)).toMatchObject({ state: 'finished' });
    expect(await jobs.cancelJob('none')).toBeUndefined();
    await jobs.removeJob(job);
    expect(await jobs.noteJob(job, progress)).toBeUndefined();
  });
});
