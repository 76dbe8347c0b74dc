import { describe, expect, it } from 'vitest';
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
    const lanes = createLanes({ tenants: 1, most: 24 });
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

  it('leave room for others: of many of a slow tenant some wait, and the rest come back later', async () => {
    const lanes = createLanes({ tenants: 2, most: 24 });
    const slow = await enterAll(lanes, 'slow', 24);
    expect([slow.inside.length, slow.sentBack, slow.waiting]).toEqual([16, 5, 3]);
    const other = await enterAll(lanes, 'other', 5);
    expect([other.inside.length, other.sentBack, other.waiting]).toEqual([5, 0, 0]);
  });

  it('let in half as many after an overload', async () => {
    const lanes = createLanes({ tenants: 1, most: 24 });
    const { inside } = await enterAll(lanes, 'a', 16);
    for (const place of inside) place.leave('overloaded');
    const { inside: after } = await enterAll(lanes, 'a', 10);
    expect(after).toHaveLength(8);
  });

  it('end the waiting with the run', async () => {
    const lanes = createLanes({ tenants: 1, most: 24 });
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
