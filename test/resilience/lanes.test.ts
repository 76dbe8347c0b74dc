import { describe, expect, it, vi } from 'vitest';
import { createLanes, type LanePlace, type Lanes } from '../../shared/resilience/lanes.ts';

const never = new AbortController().signal;

async function enterAll(lanes: Lanes, tenantId: string, count: number) {
  const places: (LanePlace | undefined)[] = [];
  for (let each = 0; each < count; each += 1) {
    void lanes.enter(tenantId, never).then((place) => {
      places.push(place);
    });
  }
  await new Promise(setImmediate);
  const inside = places.filter((place) => place !== undefined);
  return { inside, sentBack: places.length - inside.length, waiting: count - places.length };
}

describe('lanes', () => {
  it('let a lone tenant wait for room, and grow while all goes well', async () => {
    const lanes = createLanes({ tenants: 1, most: 24 }, Date.now);
    const { inside, sentBack, waiting } = await enterAll(lanes, 'a', 24);
    expect([inside.length, sentBack, waiting]).toEqual([16, 0, 8]);
    for (const place of inside) place.leave('well');
    const next = await enterAll(lanes, 'a', 0);
    expect(next.inside).toHaveLength(0);
    const more = await enterAll(lanes, 'a', 24);
    // The eight that waited go on, and more of those that came later than before.
    expect(8 + more.inside.length).toBeGreaterThan(16);
    expect(more.sentBack).toBe(0);
  });

  it('leave room for others: what waits for a slow tenant for long comes back later', async () => {
    vi.useFakeTimers();
    try {
      const lanes = createLanes({ tenants: 2, most: 24 }, Date.now);
      const entering = Array.from({ length: 24 }, () => lanes.enter('slow', never));
      await vi.advanceTimersByTimeAsync(11_000);
      const places = await Promise.all(entering);
      expect(places.filter((place) => place !== undefined)).toHaveLength(12);
      expect(await lanes.enter('other', never)).toBeDefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('let few wait of a tenant of which fewer go on at a time than could', async () => {
    const lanes = createLanes({ tenants: 2, most: 24 }, Date.now);
    for (const place of (await enterAll(lanes, 'full', 12)).inside) place.leave('overloaded');
    const { inside, sentBack, waiting } = await enterAll(lanes, 'full', 24);
    expect([inside.length, sentBack, waiting]).toEqual([1, 17, 6]);
  });

  it('let in one alone after an overload, and half as many once that went well', async () => {
    const lanes = createLanes({ tenants: 1, most: 24 }, Date.now);
    const { inside } = await enterAll(lanes, 'a', 16);
    for (const place of inside) place.leave('overloaded');
    const { inside: after } = await enterAll(lanes, 'a', 10);
    expect(after).toHaveLength(1);
    expect(after[0]?.alone).toBe(true);
    after[0]?.leave('well');
    expect((await enterAll(lanes, 'a', 0)).inside).toHaveLength(0);
    expect(await lanes.enter('a', AbortSignal.abort())).toBeUndefined();
  });

  it('end the waiting with the run', async () => {
    const lanes = createLanes({ tenants: 1, most: 24 }, Date.now);
    const [first] = (await enterAll(lanes, 'a', 16)).inside;
    const run = new AbortController();
    const waiting = lanes.enter('a', run.signal);
    run.abort();
    expect(await waiting).toBeUndefined();
    expect(await lanes.enter('a', run.signal)).toBeUndefined();
    first?.leave('otherwise');
    expect(await lanes.enter('a', never)).toBeDefined();
  });
});
