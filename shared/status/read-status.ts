import pMap from 'p-map';
import type { Destination } from '../destinations/destination.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { ProgressRows } from '../ledger/progress-rows.ts';
import type { ScopeViewer } from '../ledger/scope-view.ts';
import { contentGates, type Gate, gateKey, listingGates } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { Settings, TenantSettings } from '../settings/settings.ts';
import { mostDetailed, type PauseStatus, type Status, type TypeStatus, worstOf } from './status.ts';
import { typeStatus } from './type-status.ts';

/** A tenant with what its status needs. */
export interface WatchedTenant {
  readonly settings: TenantSettings;
  readonly destination: Destination;
}

/**
 * The status of all tenants, or of one by its name or id. It reads sums and what is open, not what is settled: two requests to storage a
 * content type, four or five where very much is open, and one for all pauses.
 */
export type ReadStatus = (tenant?: string) => Promise<Status>;

const typesAtATime = 32;

export function createReadStatus(
  tenants: readonly WatchedTenant[],
  { leftOut }: Pick<Settings, 'leftOut'>,
  ledger: ScopeViewer & Pick<ProgressRows, 'readCheckpoint'>,
  pauses: Pauses,
  now: () => number,
): ReadStatus {
  async function readType(scope: LedgerScope): Promise<TypeStatus> {
    const [view, checkpoint] = await Promise.all([ledger.viewScope(scope), ledger.readCheckpoint(scope)]);
    return typeStatus(scope.contentType, view, checkpoint, pausesOf(scope), now());
  }

  function pausesOf(scope: LedgerScope): PauseStatus[] {
    const gates = new Map([...contentGates(scope), ...listingGates(scope)].map((gate) => [gateKey(gate), gate]));
    return [...gates.values()].flatMap((gate) => pauseOf(gate) ?? []);
  }

  function pauseOf(gate: Gate): PauseStatus | undefined {
    const pause = pauses.closed([gate]);
    if (!pause) return undefined;
    const { since, until, code, message, remedy } = pause;
    return { gate: gate.kind, since: iso(since), until: iso(until), code, message, remedy };
  }

  return async (wanted) => {
    const shown = tenants.filter(({ settings }) => isWanted(settings, wanted));
    await pauses.refresh();
    const scopes = shown.flatMap(({ settings: { tenantId, contentTypes } }) =>
      contentTypes.map((contentType) => ({ tenantId, contentType })),
    );
    const all = await pMap(scopes, readType, { concurrency: typesAtATime });
    const types = shown.length <= mostDetailed ? all : all.map((type) => ({ ...type, hours: [] }));
    const statuses = shown.map(({ settings: { name, tenantId }, destination }) => {
      const own = types.filter((_, index) => scopes[index]?.tenantId === tenantId);
      const state = worstOf(own.map((type) => type.state));
      return { tenant: name, tenantId, state, destination: destination.name, types: own };
    });
    const out = wanted === undefined ? leftOut : [];
    const states = [...statuses.map(({ state }) => state), ...(out.length > 0 ? (['broken'] as const) : [])];
    return { schema: 1, generatedAt: iso(now()), state: worstOf(states), tenants: statuses, leftOut: out };
  };
}

function isWanted({ name, tenantId }: TenantSettings, wanted: string | undefined): boolean {
  return wanted === undefined || [name.toLowerCase(), tenantId].includes(wanted.toLowerCase());
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
