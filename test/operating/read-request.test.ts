import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachMs } from '../../shared/listing/listing-plan.ts';
import { Problems } from '../../shared/operating/answer.ts';
import { backfillOrder, isoSeconds, readRequest, replayOrder, tenantOf } from '../../shared/operating/read-request.ts';
import type { TenantSettings } from '../../shared/settings/settings.ts';

const now = Date.parse('2026-11-20T10:00:00.500Z');
const settings = {
  tenantId: 'tenant',
  name: 'Contoso',
  contentTypes: ['Audit.Exchange', 'Audit.General'],
} as unknown as TenantSettings;

describe('a time', () => {
  it.each([
    ['2026-11-20', '2026-11-20T00:00:00Z'],
    ['2026-11-20T08:30', '2026-11-20T08:30:00Z'],
    ['2026-11-20T08:30:15', '2026-11-20T08:30:15Z'],
    ['2026-11-20T08:30:15.25Z', '2026-11-20T08:30:15Z'],
    ['2026-11-20T08:30+02:00', '2026-11-20T06:30:00Z'],
  ])('%s is %s', (given, meant) => {
    const { from } = readRequest('backfill', { tenant: 'Contoso', from: given });
    expect(isoSeconds(from)).toBe(meant);
  });

  it.each(['20.11.2026', '2026-13-01', '2026-11-20T25:00', 'now', ' 2026-11-20', ''])('is not %j', (given) => {
    expect(() => readRequest('backfill', { tenant: 'Contoso', from: given })).toThrow(Problems);
  });
});

describe('an order', () => {
  it('has whole seconds, lies within the reach of the API and not in the future, or is refused with a sentence', () => {
    const time = fc.integer({ min: now - reachMs - 3_600_000, max: now + 3_600_000 });
    fc.assert(
      fc.property(time, time, (from, to) => {
        try {
          const order = backfillOrder({ tenant: 'Contoso', from, to, confirm: false }, settings, now);
          expect([order.from % 1000, order.to % 1000]).toEqual([0, 0]);
          expect(order.from).toBeGreaterThanOrEqual(now - reachMs);
          expect(order.from).toBeLessThan(order.to);
          expect(order.to).toBeLessThanOrEqual(now);
          expect(order.contentTypes).toEqual(settings.contentTypes);
        } catch (error) {
          if (!(error instanceof Problems)) throw error;
          expect(error.problems.every((problem) => /^(from|to) .*\.$/.test(problem))).toBe(true);
          expect(from < now - reachMs || from >= to - 1_000 || to > now).toBe(true);
        }
      }),
    );
  });

  it('of a replay means what was forwarded or quarantined, or all there is of the contents it names', () => {
    const range = { tenant: 'Contoso', from: now - 3_600_000, confirm: true };
    expect(replayOrder(range, settings, now)).toMatchObject({ states: ['forwarded', 'quarantined'], to: now });
    const named = replayOrder({ tenant: 'Contoso', contentIds: ['b', 'a', 'b'], confirm: true }, settings, now);
    expect(named).toMatchObject({
      states: ['forwarded', 'gone', 'expired', 'quarantined'],
      contentIds: ['b', 'a'],
      from: 0,
    });
    const chosen = replayOrder({ ...range, states: ['quarantined', 'gone'] }, settings, now);
    expect(chosen.states).toEqual(['gone', 'quarantined']);
  });
});

describe('a tenant', () => {
  const tenants = [
    { settings: { ...settings, tenantId: 'id-1', name: 'Contoso' } },
    { settings: { ...settings, tenantId: 'id-2', name: 'contoso' } },
    { settings: { ...settings, tenantId: 'id-3', name: 'Fabrikam' } },
    { settings: { ...settings, tenantId: 'id-4', name: 'id-3' } },
  ];

  it.each([
    ['fabrikam', 'id-3'],
    ['ID-2', 'id-2'],
    ['id-3', 'id-3'],
  ])('%s is that of the id %s', (given, id) => {
    expect(tenantOf(tenants, given).settings.tenantId).toBe(id);
  });

  it('is not guessed where several have the name, or none', () => {
    expect(() => tenantOf(tenants, 'Contoso')).toThrow('the name of several tenants');
    expect(() => tenantOf(tenants, 'nobody')).toThrow('neither the name nor the id');
  });
});
