import { describe, expect, it } from 'vitest';
import type { Job } from '../../shared/ledger/jobs.ts';
import { reachMs } from '../../shared/listing/listing-plan.ts';
import type { TimeWindow } from '../../shared/management-api/management-api.ts';
import { advanceBackfill } from '../../shared/operating/advance-backfill.ts';
import type { JobRun } from '../../shared/operating/job-run.ts';
import type { LogEvent } from '../../shared/telemetry/events.ts';

const hour = 60 * 60_000;
const now = Date.parse('2026-11-20T10:00:00Z');

/** A backfill that has waited until its first hour was beyond the API's reach; what it tells as lost, and what the ledger remembers of that. */
async function lateBackfill(floor: number) {
  const remembered: TimeWindow[] = [];
  const told: LogEvent[] = [];
  const contentType = 'Audit.Exchange';
  const order = {
    tenantId: 'tenant',
    contentTypes: [contentType],
    from: now - reachMs - hour,
    to: now - reachMs + hour,
  };
  const run = {
    id: 'run',
    signal: new AbortController().signal,
    log: (_: unknown, event: LogEvent) => told.push(event),
    tenant: {
      settings: { name: 'Contoso', contentTypes: [contentType] },
      api: { serverNow: () => now, listContents: async () => ({ contents: [] }) },
    },
    ledger: {
      add: async () => ({ all: [], taken: [] }),
      readCheckpoint: async () => ({ floor, listedUntil: now, passes: {} }),
      writeCheckpoint: async () => undefined,
      writeLostInterval: async (_: unknown, lost: TimeWindow) => remembered.push(lost),
    },
    pauses: { closed: () => undefined },
    outOfTime: () => false,
    job: { order, cursors: {} } as unknown as Job,
    note: async () => true,
  };
  await advanceBackfill(run as unknown as JobRun);
  return { told: told.filter(({ event }) => event === 'listing.interval_lost'), remembered };
}

describe('a backfill that comes too late', () => {
  it('tells what is lost, and has the ledger remember it, so that it is shown', async () => {
    const { told, remembered } = await lateBackfill(now - 24 * hour);
    expect(told).toMatchObject([{ from: '2026-11-13T09:15:00', to: '2026-11-13T10:15:00' }]);
    expect(remembered).toEqual([{ from: now - reachMs - hour, to: now - reachMs }]);
  });

  it('has lost nothing that had been collected before', async () => {
    expect(await lateBackfill(now - reachMs - 2 * hour)).toEqual({ told: [], remembered: [] });
    expect((await lateBackfill(now - reachMs - hour / 2)).told).toMatchObject([{ to: '2026-11-13T09:45:00' }]);
  });
});
