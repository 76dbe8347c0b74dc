import { describe, expect, it } from 'vitest';
import { call, everyRow } from './orders.ts';
import { createScenario } from './scenario-world.ts';

const settings = { CONTENT_TYPES: 'Audit.Exchange' };
const calls = [
  ['POST', 'backfill'],
  ['POST', 'replay'],
  ['POST', 'pause'],
  ['POST', 'resume'],
  ['GET', 'quarantine'],
  ['GET', 'jobs'],
  ['DELETE', 'jobs/20261120T000000-12345678'],
] as const;

describe('what an administrator calls', () => {
  it('wants the function key', async () => {
    const world = await createScenario({ settings });
    for (const [method, path] of calls) {
      for (const headers of [{}, { 'x-functions-key': 'guess' }]) {
        const answer = await fetch(`${world.host.http?.url}/api/${path}`, { method, headers });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
    expect(world.simulator.office.requests.total).toBe(0);
  });

  it('answers a bad request with 400 and a sentence for each problem, and changes nothing', async () => {
    const world = await createScenario({ settings });
    await world.runFor(1);
    const before = await everyRow(world);
    const tenant = world.tenant.tenantId;
    const from = '2026-11-20T08:00:00Z';
    const bad: readonly (readonly [path: string, body: object, problems: readonly RegExp[]])[] = [
      ['backfill', {}, [/^tenant has to be/, /^from is/]],
      [
        'backfill',
        { tenant, from: 'yesterday', to: 7, confirm: 'yes' },
        [/^from is not a time/, /^to is/, /^confirm is/],
      ],
      ['backfill', { tenant, from: '2026-11-13T09:00:00Z' }, [/^from is too early: .* 2026-11-13T10:1/]],
      ['backfill', { tenant, from: '2026-11-20T09:00:00Z', to: from }, [/^from is not before to/]],
      ['backfill', { tenant, from, to: '2026-11-21' }, [/^to lies in the future/]],
      ['backfill', { tenant: 'unknown', from }, [/^tenant is neither/]],
      ['backfill', { tenant, from, contentType: 'Audit.General' }, [/Audit\.General is not collected/]],
      ['backfill', { tenant, from, contentType: 'Audit' }, [/^contentType is none of/]],
      ['backfill', { tenant, from, form: 1 }, [/not known: form/]],
      ['replay', { tenant }, [/^from is missing/]],
      ['replay', { tenant, from, states: ['open'] }, [/^states\.0 is none of/]],
      ['replay', { tenant, contentIds: [] }, [/^contentIds is an empty list/]],
      ['replay', { tenant, contentIds: Array.from({ length: 201 }, String) }, [/more than 200/]],
      ['pause', { tenant, reason: 'x'.repeat(201) }, [/^reason has more than 200/]],
      ['pause', { tenant, by: 'a\nb' }, [/^by has control characters/]],
      ['resume', {}, [/^tenant has to be/]],
    ];
    for (const [path, body, problems] of bad) {
      const answer = await call(world, path, { confirm: true, ...body });
      const told = answer.body['problems'] as string[];
      expect([path, body, answer.status], told?.join(' ')).toEqual([path, body, 400]);
      expect(told).toHaveLength(problems.length);
      for (const [index, problem] of problems.entries()) expect(told[index]).toMatch(problem);
    }
    for (const query of ['?tenant=unknown', '?contentType=Audit', '?continuation=nonsense', '?tennant=a'])
      expect((await call(world, `quarantine${query}`)).status).toBe(400);
    const headers = { 'x-functions-key': world.host.http?.functionKey ?? '' };
    const garbage = await fetch(`${world.host.http?.url}/api/pause`, { method: 'POST', headers, body: '{' });
    expect(garbage.status).toBe(400);
    expect(await everyRow(world)).toEqual(before);
  });
});
