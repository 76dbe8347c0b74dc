import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Job } from '../../shared/ledger/jobs.ts';
import type { ManagementApi, TimeWindow } from '../../shared/management-api/management-api.ts';
import { advanceBackfill } from '../../shared/operating/advance-backfill.ts';
import { afterStep, type JobRun, type JobStep } from '../../shared/operating/job-run.ts';
import type { LogEvent } from '../../shared/telemetry/events.ts';

const hour = 60 * 60_000;
const now = Date.parse('2026-11-20T10:00:00Z');
const contentType = 'Audit.Exchange';

/** A run of a backfill of so many hours up to now, on an API that answers as `list` does. */
function aRun(hours: number, list: (window: TimeWindow, signal: AbortSignal) => Promise<void>) {
  let job = {
    order: { kind: 'backfill', tenantId: 'tenant', contentTypes: [contentType], from: now - hours * hour, to: now },
    ...{ id: 'job', state: 'waiting', cursors: {}, found: 0, done: 0, skipped: {}, note: '' },
  } as unknown as Job;
  const windows: TimeWindow[] = [];
  const events: LogEvent[] = [];
  const steps: JobStep[] = [];
  const api: Partial<ManagementApi> = {
    serverNow: () => now,
    async listContents(_type, window, _page, signal) {
      await list(window, signal);
      windows.push(window);
      return { contents: [], invalid: 0 };
    },
  };
  const run = {
    id: 'run',
    log: (_level: string, event: LogEvent) => events.push(event),
    signal: new AbortController().signal,
    tenant: { api, settings: { name: 'Contoso', tenantId: 'tenant', contentTypes: [contentType] } },
    ledger: {
      add: async () => ({ all: [], taken: [] }),
      readCheckpoint: async () => undefined,
      writeLostInterval: async () => undefined,
    },
    pauses: { closed: () => undefined, close: async () => 0 },
    outOfTime: () => false,
    get job() {
      return job;
    },
    async note(step: JobStep) {
      steps.push(step);
      job = { ...job, ...afterStep(job, step) };
      return true;
    },
  } as unknown as JobRun;
  return { run, windows, steps, events, ended: () => job.cursors[contentType]?.ended };
}

describe('a backfill', () => {
  it('lists every moment of its interval once, oldest first', async () => {
    const { run, windows, ended } = aRun(30.5, async () => undefined);
    await advanceBackfill(run);
    expect(ended()).toBe(true);
    expect([windows[0]?.from, windows.at(-1)?.to]).toEqual([now - 30.5 * hour, now]);
    for (const [index, { from, to }] of windows.entries()) {
      expect(to - from).toBeLessThanOrEqual(4 * hour);
      if (index > 0) expect(from).toBe(windows[index - 1]?.to);
    }
  });

  it('goes on in narrower parts where one takes so long that fresh contents would wait', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const hangs = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { run, windows, steps, ended } = aRun(6, async ({ from, to }, signal) => {
      if (to - from > hour / 2) await hangs(signal);
    });
    const done = advanceBackfill(run);
    await vi.runAllTimersAsync();
    await done;
    expect(ended()).toBe(true);
    expect(windows).toHaveLength(24);
    expect(windows.every(({ from, to }) => to - from === hour / 4)).toBe(true);
    expect(steps.filter(({ note }) => note).map(({ note }) => note)).toEqual([
      'Listing Audit.Exchange takes long: it goes on in parts of 60 minutes.',
      'Listing Audit.Exchange takes long: it goes on in parts of 15 minutes.',
    ]);
  });

  it('that waited until a part of it was out of reach says which, and goes on with the rest', async () => {
    const { run, windows, events, ended } = aRun(7 * 24 + 3, async () => undefined);
    await advanceBackfill(run);
    expect(ended()).toBe(true);
    expect(windows[0]?.from).toBe(now - 7 * 24 * hour + 15 * 60_000);
    expect(events.filter(({ event }) => event === 'listing.interval_lost')).toMatchObject([
      { from: '2026-11-13T07:00:00', to: '2026-11-13T10:15:00', code: 'interval_lost' },
    ]);
  });
});
