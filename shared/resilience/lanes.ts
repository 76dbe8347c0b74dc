import { createAdaptiveLimit } from './adaptive-limit.ts';
import { createWaitingLine } from './waiting-line.ts';

/** How a transfer ended, as far as it tells whether fewer at a time would be better. */
export type LaneOutcome = 'well' | 'overloaded' | 'otherwise';

/** One of the transfers of a tenant that go on at a time. */
export interface LanePlace {
  /** Whether no other transfer of the tenant goes on. */
  readonly alone: boolean;
  /** Lets the next one in. */
  leave(outcome: LaneOutcome): void;
}

/**
 * Bounds the transfers of each tenant that go on at a time on this instance, and with them the requests to its destination and its
 * downloads: each transfer has one of either.
 */
export interface Lanes {
  /**
   * Waits for room, in the order of asking. Undefined when waiting any longer would keep other tenants from being worked on, and when
   * the signal is aborted: it is to come back later.
   */
  enter(tenantId: string, signal: AbortSignal): Promise<LanePlace | undefined>;
}

/** Of one tenant at the beginning; each round that goes well doubles it. */
const firstAtATime = 16;

/** Where a tenant's transfers take that long, those that wait for them make room for other tenants. */
const longestWaitMs = 10_000;

/** @param most transfers that go on at a time on an instance, by host.json. */
export function createLanes(
  { tenants, most }: { readonly tenants: number; readonly most: number },
  now: () => number,
): Lanes {
  /**
   * With several tenants, half is always left to the others. Not less: above newBatchThreshold of host.json, which is half as well, the
   * host fetches nothing for anybody.
   */
  const mostOfOne = tenants > 1 ? Math.ceil(most / 2) : most;
  const bounds = tenants > 1 ? { waiting: Math.ceil(most / 4), waitMs: longestWaitMs } : undefined;
  const lanes = new Map<string, ReturnType<typeof createLane>>();

  return {
    enter(tenantId, signal) {
      const lane = lanes.get(tenantId) ?? createLane(mostOfOne, bounds, now);
      lanes.set(tenantId, lane);
      return lane.enter(signal);
    },
  };
}

/** How many may wait, once fewer go on at a time than could, and for how long. */
interface WaitingBounds {
  readonly waiting: number;
  readonly waitMs: number;
}

function createLane(most: number, bounds: WaitingBounds | undefined, now: () => number) {
  const limit = createAdaptiveLimit({ first: firstAtATime, most }, now);
  const waiting = createWaitingLine<LanePlace>();
  let inside = 0;

  function place(): LanePlace {
    const { generation } = limit;
    inside += 1;
    return {
      get alone() {
        return inside === 1;
      },
      leave(outcome) {
        if (outcome === 'well') limit.succeeded(inside);
        if (outcome === 'overloaded') limit.overloaded(inside, generation);
        inside -= 1;
        while (inside < limit.now && waiting.serve(place)) {
          // As many as there is room for.
        }
      },
    };
  }

  return {
    async enter(signal: AbortSignal): Promise<LanePlace | undefined> {
      if (signal.aborted) return undefined;
      if (inside < limit.now) return place();
      if (bounds && limit.generation > 0 && waiting.length >= bounds.waiting) return undefined;
      return await waiting.wait(signal, bounds?.waitMs);
    },
  };
}
