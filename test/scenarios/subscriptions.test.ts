import { describe, expect, it } from 'vitest';
import { refusedWith } from '../simulator/api-faults.ts';
import { foreignWebhook } from '../simulator/subscriptions.ts';
import { createScenario } from './scenario-world.ts';

const settings = { CONTENT_TYPES: 'Audit.Exchange,Audit.General' };

describe('subscriptions', () => {
  it('are started where they are missing, and listed in the same run', async () => {
    const world = await createScenario({ settings });
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5) });
    await world.runFor(1);
    expect(world.tenant.subscriptions.all.map(({ contentType, status }) => [contentType, status]).sort()).toEqual([
      ['Audit.Exchange', 'enabled'],
      ['Audit.General', 'enabled'],
    ]);
    expect(await world.audit()).toMatchObject({ missing: 0 });
    await world.runFor(30);
    expect(world.simulator.office.requests.byOperation['start']).toBe(2);
  });

  it('are started again when an administrator has disabled them, and nothing of the time before is lost', async () => {
    const world = await createScenario({ settings });
    await world.runFor(20);
    world.tenant.subscriptions.disable('Audit.Exchange');
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(21) });
    await world.runFor(5);
    expect(world.tenant.subscriptions.get('Audit.Exchange')?.status).toBe('enabled');
    expect(await world.audit()).toMatchObject({ missing: 0, doubled: 0 });
    expect(world.simulator.office.violations).toEqual([]);
  });

  it('are started at most once in 15 minutes, even across a restart', async () => {
    const world = await createScenario({ settings });
    await world.runFor(1);
    for (let round = 0; round < 8; round += 1) {
      world.tenant.subscriptions.disable('Audit.Exchange');
      await world.runFor(4);
      await world.restart();
    }
    // 33 minutes: at 0, 15 (16 at the latest) and 30 (32 at the latest).
    expect(world.simulator.office.requests.byOperation['start']).toBeLessThanOrEqual(2 + 2);
    expect(world.simulator.office.violations).toEqual([]);
  });

  it('are left alone with the webhook of somebody else', async () => {
    const world = await createScenario({ settings });
    world.tenant.subscriptions.preset('Audit.Exchange', { webhook: foreignWebhook() });
    world.tenant.subscriptions.preset('Audit.General', { status: 'disabled', webhook: foreignWebhook() });
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5) });
    await world.runFor(20);
    expect(world.tenant.subscriptions.all.map(({ webhook }) => webhook)).toEqual([foreignWebhook(), foreignWebhook()]);
    expect(world.simulator.office.requests.byOperation['start'] ?? 0).toBe(0);
    expect(await world.audit()).toMatchObject({ missing: 0 });
    const faults = world.events.filter(({ event }) => event === 'subscription.failed');
    expect(faults.map(({ contentType, code }) => [contentType, code])).toEqual([
      ['Audit.General', 'subscription_disabled'],
    ]);
  });

  it('that are refused do not stop the other types', async () => {
    const world = await createScenario({ settings });
    world.simulator.office.faults.add({
      match: { contentType: 'Audit.General', operation: 'start' },
      answer: refusedWith('AF10001'),
    });
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5) });
    await world.runFor(3);
    expect(await world.audit()).toMatchObject({ missing: 0 });
    expect(world.events.find(({ event }) => event === 'subscription.failed')).toMatchObject({
      contentType: 'Audit.General',
      code: 'permission_missing',
      externalCode: 'AF10001',
    });
    expect(world.simulator.office.violations).toEqual([]);
  });

  it('that the API calls enabled already (AF20024) are taken as that', async () => {
    const world = await createScenario({ settings });
    world.simulator.office.faults.add({ match: { operation: 'start' }, answer: refusedWith('AF20024') });
    await world.runFor(1);
    expect(world.events.filter(({ event }) => event === 'subscription.failed')).toEqual([]);
    expect(world.events.filter(({ event }) => event === 'subscription.started')).toHaveLength(2);
  });
});
