import { describe, expect, it } from 'vitest';
import type { Examination } from '../../shared/doctor/check.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const settings = { CONTENT_TYPES: 'Audit.Exchange' };

async function ask(world: ScenarioWorld, headers: Record<string, string>, query = ''): Promise<Response> {
  return fetch(`${world.host.http?.url}/api/doctor${query}`, { headers });
}

describe('GET /api/doctor', () => {
  it('wants the function key', async () => {
    const world = await createScenario({ settings });
    expect((await ask(world, {})).status).toBe(401);
    expect((await ask(world, { 'x-functions-key': 'guess' })).status).toBe(401);
    expect(world.simulator.office.requests.total).toBe(0);
  });

  it('answers with the findings, of all tenants or of one', async () => {
    const world = await createScenario({ settings, tenants: 2 });
    const [first, second] = world.simulator.tenants;
    if (second) second.auditing = false;
    await world.runFor(2);
    const headers = { 'x-functions-key': world.host.http?.functionKey ?? '' };
    const answer = await ask(world, headers);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const examination = (await answer.json()) as Examination;
    expect(examination.status).toBe('failed');
    const auditing = examination.checks.filter(({ check }) => check === 'auditing');
    expect(auditing).toMatchObject([
      { tenantId: first?.tenantId, status: 'ok' },
      { tenantId: second?.tenantId, status: 'failed', code: 'auditing_off' },
    ]);
    const alone = (await (await ask(world, headers, `?tenant=${first?.tenantId}`)).json()) as Examination;
    expect(alone.status).not.toBe('failed');
  });
});

describe('a tenant whose settings are wrong', () => {
  it('is told of, and the others are collected', async () => {
    const broken = { TENANT_2_CLIENT_SECRET: '' };
    const world = await createScenario({ tenants: 3, settings: { ...settings, ...broken } });
    for (const tenant of world.simulator.tenants) {
      tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-10), records: 3 });
    }
    await world.runFor(5);
    const [first, second, third] = world.simulator.tenants;
    const { siem } = world.simulator;
    expect([first, second, third].map((tenant) => siem.records(tenant).length)).toEqual([3, 0, 3]);
    expect(world.events.filter(({ event }) => event === 'tenant.left_out')).toEqual([
      expect.objectContaining({
        level: 'error',
        tenantId: second?.tenantId,
        code: 'settings_invalid',
        message: expect.stringContaining('TENANTS item 2, clientSecretSetting'),
        remedy: expect.stringContaining('Environment variables'),
      }),
    ]);
    await world.restart(settings);
    await world.runFor(5);
    expect(siem.records(second)).toHaveLength(3);
  });
});
