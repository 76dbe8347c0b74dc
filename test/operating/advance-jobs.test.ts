import { expect, it } from 'vitest';
import type { Job, JobState } from '../../shared/ledger/jobs.ts';
import { longestWaitingFirst } from '../../shared/operating/advance-jobs.ts';
import type { TenantSettings } from '../../shared/settings/settings.ts';

function aTenant(tenantId: string) {
  return { settings: { tenantId } as TenantSettings };
}

function aJob(tenantId: string, updatedAt: number, state: JobState = 'running'): Job {
  return { order: { tenantId }, updatedAt, state } as Job;
}

it('a tenant whose jobs have not come on for longest goes first, however many others have long ones', () => {
  const tenants = ['a', 'b', 'c', 'd'].map(aTenant);
  const jobs = [
    aJob('a', 50),
    aJob('a', 10, 'waiting'),
    aJob('b', 40),
    aJob('c', 20),
    aJob('d', 30),
    aJob('d', 90, 'finished'),
  ];
  const order = longestWaitingFirst(tenants, jobs).map(({ settings }) => settings.tenantId);
  expect(order).toEqual(['c', 'd', 'b', 'a']);
  expect(longestWaitingFirst(tenants, [])).toEqual(tenants);
});
