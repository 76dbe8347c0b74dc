import { describe, expect, it } from 'vitest';
import { checkNames } from '../../shared/doctor/check.ts';
import { createExaminedWorld, found } from './examined-world.ts';
import { aRun } from './provocations.ts';

describe('a collector that is well', () => {
  it('passes every check, and is not changed by it', async () => {
    const world = await createExaminedWorld();
    const { tenant, office, siem, login } = world.simulator;
    tenant.publish({ contentType: 'Audit.Exchange', createdAt: new Date(Date.now() - 30 * 60_000), records: 2 });
    await world.collector().listContent(aRun);
    const [before, requests] = [await world.storage(), office.requests.byOperation['start']];
    const examination = await world.examine();
    expect(examination.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(examination.status).toBe('ok');
    expect([...new Set(examination.checks.map(({ check }) => check))].sort()).toEqual([...checkNames].sort());
    expect(found(examination, 'subscription')).toMatchObject([
      {
        contentType: 'Audit.Exchange',
        message: expect.stringMatching(/^Enabled; started by this app \d+ seconds ago/),
      },
    ]);
    expect(found(examination, 'listing')[0]?.message).toContain('the newest content was created 30 minutes ago');
    expect(await world.storage()).toEqual(before);
    expect(office.requests.byOperation['start']).toBe(requests);
    expect(siem.arrivals).toEqual([]);
    expect([office.violations, siem.violations, login.violations]).toEqual([[], [], []]);
  });

  it('before its first run: there are no subscriptions and no tables yet', async () => {
    const world = await createExaminedWorld();
    const examination = await world.examine();
    expect(examination.status).toBe('warning');
    expect(found(examination, 'subscription')).toMatchObject([
      { status: 'warning', message: expect.stringContaining('There is no subscription yet') },
    ]);
    expect(found(examination, 'listing')).toEqual([]);
    for (const part of ['table', 'queue'] as const) {
      expect(found(examination, part)).toMatchObject([
        { status: 'ok', message: expect.stringContaining('not there yet') },
      ]);
    }
    expect(world.simulator.tenant.subscriptions.all).toEqual([]);
  });

  it('shows no secret in what it finds', async () => {
    const world = await createExaminedWorld();
    world.simulator.login.refuseNext(7000215, 10);
    const printed = JSON.stringify(await world.examine());
    const { clientSecret, intakeKey } = world.simulator.tenant;
    for (const secret of [clientSecret, encodeURIComponent(clientSecret), intakeKey])
      expect(printed).not.toContain(secret);
  });
});

describe('several tenants', () => {
  it('are examined side by side, or one of them alone, by name or id', async () => {
    const world = await createExaminedWorld({ tenants: 3 });
    const [, second] = world.simulator.tenants;
    world.simulator.login.refuseNext(7000222, 10, second);
    const examination = await world.examine();
    expect(found(examination, 'login').map(({ status }) => status)).toEqual(['ok', 'failed', 'ok']);
    expect(found(examination, 'destination')).toHaveLength(3);
    for (const wanted of [second?.name, second?.tenantId.toUpperCase()]) {
      const alone = await world.examine({}, wanted);
      expect(new Set(alone.checks.flatMap(({ tenantId }) => tenantId ?? []))).toEqual(new Set([second?.tenantId]));
    }
    expect(found(await world.examine({}, 'nobody'), 'settings')).toMatchObject([
      { status: 'warning', message: expect.stringContaining('no tenant with the name or id nobody') },
    ]);
  });

  it('are told of too when the time is over before their turn', async () => {
    const world = await createExaminedWorld({ tenants: 2 });
    const examination = await world.collector().examine({}, AbortSignal.abort());
    const about = { status: 'warning', message: expect.stringContaining('was not examined') };
    expect(found(examination, 'login')).toMatchObject([about, about]);
    expect(found(examination, 'table')).toMatchObject([{ status: 'ok' }]);
    expect(world.simulator.office.requests.total).toBe(0);
  });

  it('of which one is left out show what is wrong with its settings', async () => {
    const world = await createExaminedWorld({ tenants: 2 });
    const examination = await world.examine({ TENANT_2_CLIENT_SECRET: undefined });
    expect(found(examination, 'settings')).toMatchObject([
      { status: 'ok' },
      {
        status: 'failed',
        code: 'settings_invalid',
        message: expect.stringContaining('TENANTS item 2, clientSecretSetting'),
      },
    ]);
    expect(found(examination, 'login')).toHaveLength(1);
  });
});
