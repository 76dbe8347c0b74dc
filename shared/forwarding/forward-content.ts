import type { Destination } from '../destinations/destination.ts';
import {
  type ContentMessage,
  originOfMessage,
  readContentMessage,
  shownMessage,
} from '../dispatching/content-message.ts';
import { CollectorError, type ErrorCode } from '../errors.ts';
import type { Claims, Delivery } from '../ledger/claims.ts';
import { ownAddress } from '../management-api/addresses.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import type { Acceptance } from '../resilience/acceptance.ts';
import { maxAttempts } from '../resilience/back-off.ts';
import { contentGates, handGates } from '../resilience/gates.ts';
import type { LaneOutcome, LanePlace, Lanes } from '../resilience/lanes.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { Suspicion } from '../resilience/suspicion.ts';
import type { TenantSettings } from '../settings/settings.ts';
import { aboutFault, type Log } from '../telemetry/events.ts';
import type { ForwardingSums } from '../telemetry/forwarding-sums.ts';
import type { Stations } from '../telemetry/lag.ts';
import { withOrigin } from '../telemetry/origin.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import type { BlockPool } from './blocks.ts';
import { recordFailure } from './failure.ts';
import { beginTransfer, runTransfer, type Transfer } from './transfer.ts';

/** A tenant with what forwarding needs of it. */
export interface ForwardedTenant {
  readonly settings: TenantSettings;
  readonly api: ManagementApi;
  readonly destination: Destination;
}

/** What forwarding needs beside the tenants. */
export interface ForwardingPorts {
  readonly claims: Claims;
  readonly pauses: Pauses;
  readonly suspicion: Suspicion;
  readonly acceptance: Acceptance;
  readonly lanes: Lanes;
  readonly pool: BlockPool;
  readonly sums: ForwardingSums;
  readonly world: World;
}

/** Failures by which a message itself is to blame. */
const messageCodes: ReadonlySet<ErrorCode> = new Set(['message_invalid', 'address_rejected', 'cloud_mismatch']);
/** For so long a content stands back behind those of other tenants. */
const laterMs = 30_000;

/** An execution whose events tell of one content; the sums are about many, and are told by the execution alone. */
interface ContentRun extends Run {
  readonly logOfSums: Log;
}

/** The work of the queue trigger: one content, claimed, streamed to its destination and settled; or its failure recorded. */
export type ForwardContent = (message: unknown, delivery: Delivery, run: Run) => Promise<void>;

export function createForwardContent(
  tenants: ReadonlyMap<string, ForwardedTenant>,
  ports: ForwardingPorts,
): ForwardContent {
  const { claims, pauses, suspicion, acceptance, lanes, pool, sums, world } = ports;

  async function forward(
    message: ContentMessage,
    delivery: Delivery,
    tenant: ForwardedTenant,
    run: ContentRun,
  ): Promise<void> {
    const { content } = message;
    const place = await lanes.enter(content.scope.tenantId, run.signal);
    if (!place) {
      await claims.defer(content, world.now() + laterMs);
      return;
    }
    let outcome: LaneOutcome = 'otherwise';
    try {
      outcome = await transferOne(message, delivery, tenant, place, run);
    } finally {
      place.leave(outcome);
    }
  }

  async function transferOne(
    { content, probe }: ContentMessage,
    delivery: Delivery,
    tenant: ForwardedTenant,
    place: LanePlace,
    run: ContentRun,
  ): Promise<LaneOutcome> {
    await pauses.refresh();
    if (pauses.closed(probe ? handGates(content.scope) : contentGates(content.scope))) {
      await claims.defer(content, world.now());
      return 'otherwise';
    }
    const started = world.now();
    const claim = await claims.claim(content, delivery);
    if (!claim) {
      // Somebody else has it, or it is settled: the ledger brings it back if that does not end well. Or it was never ours.
      ownAddress(tenant.settings, 'content', content.contentUri);
      return 'otherwise';
    }
    const transfer = beginTransfer(claim, place, suspicion.moment);
    try {
      if (claim.content.attempts > maxAttempts) throw exhausted();
      await runTransfer(transfer, transferPorts(transfer, tenant, run), run.signal);
      const { created, listed } = transfer.found;
      const stations = { event: transfer.eventTime, created, listed, started, accepted: world.now() };
      await claims.settle(transfer.claim, { state: 'forwarded', ...transfer.state });
      count(transfer, tenant, run, stations);
      suspicion.passed(contentGates(content.scope));
      if (probe) await pauses.open(contentGates(content.scope), run);
      return 'well';
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      if (error.code === 'claim_lost') return 'otherwise';
      await recordFailure(transfer, tenant.settings, probe, error, ports, run);
      count(transfer, tenant, run);
      return error.disposition === 'pause' ? 'overloaded' : 'otherwise';
    }
  }

  function transferPorts(transfer: Transfer, { api, destination, settings }: ForwardedTenant, run: Run) {
    const { scope, contentId } = transfer.found;
    const refused = (record: number, fault: CollectorError) =>
      run.log('error', {
        event: 'record.refused',
        ...scope,
        tenant: settings.name,
        contentId,
        record,
        ...aboutFault(fault),
      });
    return { api, destination, http: world.http, claims, acceptance, pool, now: world.now, refused };
  }

  function count(
    { found, state, batches }: Transfer,
    { settings }: ForwardedTenant,
    run: ContentRun,
    stations?: Stations,
  ): void {
    const records = state.sent.records - found.sent.records;
    sums.add(
      {
        scope: found.scope,
        tenant: settings.name,
        records,
        replayed: found.replay !== undefined,
        bytes: state.sent.bytes - found.sent.bytes,
        batches,
        possiblyDoubledBatches: state.possiblyDoubled - found.possiblyDoubled,
        ...(stations && { stations }),
      },
      run.logOfSums,
    );
  }

  return async (message, delivery, run) => {
    try {
      const read = readContentMessage(message);
      const { tenantId } = read.content.scope;
      const tenant = tenants.get(tenantId);
      if (!tenant) throw unknownTenant(tenantId);
      const origin = originOfMessage(read);
      const told = { ...run, log: withOrigin(run.log, origin), logOfSums: run.log };
      await forward(read, delivery, tenant, told);
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      if (!messageCodes.has(error.code)) throw error;
      run.log('error', { event: 'message.rejected', ...aboutFault(error), body: shownMessage(message) });
    }
  };
}

function unknownTenant(tenantId: string): CollectorError {
  return new CollectorError(
    `A message is for tenant ${tenantId}, which is not in the settings. It was dropped and nothing was sent; ` +
      'the ledger keeps its contents.',
    { code: 'message_invalid', disposition: 'quarantine' },
  );
}

function exhausted(): CollectorError {
  return new CollectorError(
    'Each of many executions that worked on this content ended without a word, as in a crash. It is set aside and tried again ' +
      'every few hours.',
    { code: 'attempts_exhausted', disposition: 'quarantine' },
  );
}
