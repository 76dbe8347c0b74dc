import { TableClient } from '@azure/data-tables';
import { expect } from 'vitest';
import type { ShownJob } from '../../shared/operating/shown-job.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** An answer of one of the functions an administrator calls. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls a function with its key; a body makes it a POST. */
export async function call(world: ScenarioWorld, path: string, body?: object, method?: string): Promise<Answered> {
  const answer = await fetch(`${world.host.http?.url}/api/${path}`, {
    method: method ?? (body ? 'POST' : 'GET'),
    headers: { 'x-functions-key': world.host.http?.functionKey ?? '' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return { status: answer.status, body: (await answer.json()) as Answered['body'] };
}

/** Orders it for the world's tenant, and for good; returns the job's id. */
export async function order(world: ScenarioWorld, kind: 'backfill' | 'replay', fields: object): Promise<string> {
  const { status, body } = await call(world, kind, { tenant: world.tenant.tenantId, ...fields, confirm: true });
  expect(status, JSON.stringify(body)).toBe(202);
  return (body['job'] as ShownJob).id;
}

export async function jobOf(world: ScenarioWorld, id: string): Promise<ShownJob> {
  const { body } = await call(world, 'jobs');
  const job = (body['jobs'] as ShownJob[]).find((each) => each.id === id);
  if (!job) throw new Error(`no job ${id}`);
  return job;
}

export function tableOf(world: ScenarioWorld): TableClient {
  return TableClient.fromConnectionString(world.connectionString, 'm365auditledger', { allowInsecureConnection: true });
}

/** The whole table, row by row, to be compared. */
export async function everyRow(world: ScenarioWorld): Promise<object[]> {
  const rows: object[] = [];
  for await (const row of tableOf(world).listEntities()) rows.push(row);
  return rows;
}
