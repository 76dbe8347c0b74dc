import type { CollectorError, ErrorCode } from '../errors.ts';
import type { Claims } from '../ledger/claims.ts';
import { iso } from '../ledger/open-content.ts';
import { contentGates, type Gate, gateKey, gateOfForwarding } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { Blame, Suspicion } from '../resilience/suspicion.ts';
import type { TenantSettings } from '../settings/settings.ts';
import { aboutFault } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import { outcomeOf } from './outcome.ts';
import type { Transfer } from './transfer.ts';

/** What recording a failure needs. */
export interface FailurePorts {
  readonly claims: Claims;
  readonly pauses: Pauses;
  readonly suspicion: Suspicion;
  readonly world: World;
}

const crowdingCodes: ReadonlySet<ErrorCode> = new Set(['api_throttled', 'destination_throttled']);
/** The content whose probe failed is the last to be tried again, in case the fault is its own. */
const afterProbeMs = 60_000;

/** Records what became of a content whose transfer failed: settled, or put back for later; a shared fault closes its gate. */
export async function recordFailure(
  transfer: Transfer,
  tenant: TenantSettings,
  probe: boolean,
  fault: CollectorError,
  ports: FailurePorts,
  run: Run,
): Promise<void> {
  const { claims, world } = ports;
  const { found: content } = transfer;
  const { code } = fault;
  const missing = transfer.state.missing + (code === 'content_missing' ? 1 : 0);
  const state = { ...transfer.state, missing };
  const about = { ...content.scope, tenant: tenant.name, contentId: content.contentId, ...aboutFault(fault) };
  const { blame, closed } = await seeToGates(transfer, probe, fault, ports, run);
  const progressed = state.sent.records > content.sent.records;
  const attempt = { attempts: content.attempts, missing, progressed, blame };
  const outcome = outcomeOf(fault, attempt, world.random());
  if (outcome.kind === 'settle') {
    await claims.settle(transfer.claim, { state: outcome.state, ...state, code });
    run.log('error', { event: 'content.settled', ...about, state: outcome.state });
    return;
  }
  const { attempts, waitMs } = outcome;
  const due = probe && closed !== undefined ? closed + afterProbeMs : world.now() + waitMs;
  await claims.postpone(transfer.claim, { due, attempts, ...state, code });
  // A shared fault is reported once, by its gate.
  if (closed !== undefined || code === 'deadline_reached') return;
  run.log('warning', { event: 'content.postponed', ...about, attempts, due: iso(due) });
}

/** Opens the gates that a probe got through and closes the one that a shared fault is about; tells until when it is closed. */
async function seeToGates(
  transfer: Transfer,
  probe: boolean,
  fault: CollectorError,
  { pauses, suspicion }: FailurePorts,
  run: Run,
): Promise<{ blame: Blame; closed?: number }> {
  const { scope, contentId } = transfer.found;
  const about = gateOfForwarding(fault.code, scope);
  // Where others get through, fewer at a time are all that is asked for; unless the service itself said for how long to wait.
  const crowding = crowdingCodes.has(fault.code) && fault.retryAfterMs === undefined && !probe;
  if (about && crowding && (!transfer.place.alone || suspicion.passedSince(about.gate, transfer.begun))) {
    return { blame: 'crowd' };
  }
  const passed = passedGates(transfer, about?.gate);
  suspicion.passed(passed);
  if (probe) await pauses.open(passed, run);
  if (!about) return { blame: 'content' };
  const blame = probe ? 'all' : suspicion.failed(about, contentId);
  return blame === 'all' ? { blame, closed: await pauses.close(about.gate, fault, run) } : { blame };
}

/** The gates that a content got through before it failed. */
function passedGates({ found, downloading, batches }: Transfer, failed: Gate | undefined): Gate[] {
  const gates = contentGates(found.scope).filter(({ kind }) =>
    kind === 'destination' ? batches > 0 : kind === 'tenant' || downloading,
  );
  const last = failed === undefined ? -1 : gates.findIndex((gate) => gateKey(gate) === gateKey(failed));
  if (last >= 0) return gates.slice(0, last);
  // A login or a throttling answer: nothing was got through at all.
  return failed?.kind === 'tenant' ? [] : gates;
}
