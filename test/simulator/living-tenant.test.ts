import { describe, expect, test } from 'vitest';
import { contentTypes } from './content-types.ts';
import { createLivingTenant, type LivingTenantOptions } from './living-tenant.ts';
import { createRecordPress } from './records/record-press.ts';
import { createTenant } from './simulated-tenant.ts';

function begin(changes: Partial<LivingTenantOptions> = {}) {
  const world = { time: Date.parse('2026-11-22T15:15:00Z') };
  const now = (): number => world.time;
  const tenant = createTenant(9, 0, createRecordPress(9), now);
  return { world, tenant, living: createLivingTenant(tenant, { contentsPerMinute: 60, seed: 4, now, ...changes }) };
}

describe('a living tenant', () => {
  test('publishes what is due and nothing twice, however the time goes by', () => {
    const smooth = begin();
    const jumpy = begin();
    for (let second = 0; second < 600; second += 1) {
      smooth.world.time += 1_000;
      for (const content of smooth.living.tick()) expect(content.createdAt).toBeLessThanOrEqual(smooth.world.time);
    }
    jumpy.world.time += 600_000;
    expect(jumpy.living.tick()).toHaveLength(600);
    expect(jumpy.living.tick()).toEqual([]);
    const ids = (contents: readonly { contentId: string }[]): string[] => contents.map(({ contentId }) => contentId);
    expect(ids(jumpy.tenant.contents)).toEqual(ids(smooth.tenant.contents));
  });

  test('has all types, mostly small contents, about a hundred records each, some of them late', () => {
    const { world, tenant, living } = begin();
    world.time += 2_000_000;
    living.tick();
    expect(new Set(tenant.contents.map(({ contentType }) => contentType))).toEqual(new Set(contentTypes));
    const sizes = tenant.contents.slice(0, 1_000).map((content) => content.records.length);
    const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(average).toBeGreaterThan(80);
    expect(average).toBeLessThan(120);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    const late = tenant.contents.filter(({ createdAt, visibleFrom }) => visibleFrom > createdAt);
    expect(late.length / tenant.contents.length).toBeCloseTo(0.1, 1);
    for (const { createdAt, visibleFrom } of late) {
      expect(visibleFrom - createdAt).toBeGreaterThanOrEqual(1_000);
      expect(visibleFrom - createdAt).toBeLessThanOrEqual(20_000);
    }
  });

  test('can have a past', () => {
    const { world, tenant, living } = begin({ contentTypes: ['Audit.Exchange'] });
    living.backfill(24, 500);
    const from = world.time - 86_400_000;
    expect(tenant.createdBetween('Audit.Exchange', from, world.time)).toHaveLength(500);
    expect(tenant.createdBetween('Audit.Exchange', from, from + 3_600_000).length).toBeGreaterThan(15);
  });
});
