import { createAdaptiveLimit } from './adaptive-limit.ts';

/** How a transfer ended, as far as it tells whether fewer at a time would be better. */
export type LaneOutcome = 'well' | 'overloaded' | 'otherwise';

/** One of the transfers of a tenant that go on at a time. */
export interface LanePlace {
  /** Lets the next one in. */
  leave(outcome: LaneOutcome): void;
}

/**
 * Bounds the transfers of each tenant that go on at a time on this instance, and with them the requests to its destination and its
 * downloads: each transfer has one of either.
 */
export interface Lanes {
  /**
   * Waits for room, in the order of asking. Undefined when so many of the tenant wait already that they would keep other tenants
   * from being worked on, and when the signal is aborted: it is to come back later.
   */
  enter(tenantId: string, signal: AbortSignal): Promise<LanePlace | undefined>;
}

/** Of one tenant at the beginning; each round that goes well doubles it. */
const firstAtATime = 16;

/** @param most transfers that go on at a time on an instance, by host.json. */
export function createLanes({ tenants, most }: { readonly tenants: number; readonly most: number }): Lanes {
  /** With several tenants, some room is always left to the others. */
  const mostOfOne = tenants > 1 ? Math.ceil(most * 0.75) : most;
  const mostWaiting = tenants > 1 ? Math.floor(most * 0.125) : most;
  const lanes = new Map<string, ReturnType<typeof createLane>>();

  return {
    enter(tenantId, signal) {
      const lane = lanes.get(tenantId) ?? createLane(mostOfOne, mostWaiting);
      lanes.set(tenantId, lane);
      return lane.enter(signal);
    },
  };
}

function createLane(most: number, mostWaiting: number) {
  const limit = createAdaptiveLimit({ first: firstAtATime, most });
  const waiting: ((place: LanePlace | undefined) => void)[] = [];
  let inside = 0;

  function place(): LanePlace {
    const { generation } = limit;
    inside += 1;
    return {
      leave(outcome) {
        if (outcome === 'well') limit.succeeded(inside >= limit.now);
        if (outcome === 'overloaded') limit.overloaded(generation);
        inside -= 1;
        while (inside < limit.now && waiting.length > 0) waiting.shift()?.(place());
      },
    };
  }

  return {
    async enter(signal: AbortSignal): Promise<LanePlace | undefined> {
      if (signal.aborted) return undefined;
      if (inside < limit.now) return place();
      if (waiting.length >= mostWaiting) return undefined;
      const { promise, resolve } = Promise.withResolvers<LanePlace | undefined>();
      const onAbort = () => {
        const at = waiting.indexOf(resolve);
        if (at < 0) return;
        waiting.splice(at, 1);
        resolve(undefined);
      };
      waiting.push(resolve);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}
