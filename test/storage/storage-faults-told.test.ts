import { expect, it } from 'vitest';
import type { LogEvent } from '../../shared/telemetry/events.ts';
import { createExaminedWorld } from '../doctor/examined-world.ts';

it('a timer that fails at storage says so in one event, and fails, so that the host tries again', async () => {
  const world = await createExaminedWorld();
  const wrong = world.connectionString.replace(/AccountKey=[^;]+/, 'AccountKey=d3Jvbmc=');
  const collector = world.collector({ AzureWebJobsStorage: wrong });
  for (const work of [collector.listContent, collector.reconcile]) {
    const told: LogEvent[] = [];
    const run = {
      id: 'run',
      signal: new AbortController().signal,
      log: (_: unknown, event: LogEvent) => told.push(event),
    };
    await expect(work(run)).rejects.toMatchObject({ code: 'storage_refused' });
    expect(told).toMatchObject([
      { event: 'run.failed', runId: 'run', code: 'storage_refused', remedy: expect.any(String) },
    ]);
  }
});

it('the status says so too', async () => {
  const world = await createExaminedWorld();
  const wrong = world.connectionString.replace(/AccountKey=[^;]+/, 'AccountKey=d3Jvbmc=');
  const question = { accept: 'text/html', tenant: null, renewing: false, code: null };
  const { status, body } = await world.collector({ AzureWebJobsStorage: wrong }).status(question);
  expect(status).toBe(503);
  expect(JSON.parse(body)).toMatchObject({
    error: expect.stringContaining('Storage refused'),
    code: 'storage_refused',
    remedy: expect.any(String),
  });
});
