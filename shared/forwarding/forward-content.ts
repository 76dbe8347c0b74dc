import type { Destination } from '../destinations/destination.ts';
import { readContentMessage, shownMessage } from '../dispatching/content-message.ts';
import { CollectorError } from '../errors.ts';
import type { Claims, Delivery } from '../ledger/claims.ts';
import { iso, type OpenContent } from '../ledger/open-content.ts';
import { ownAddress } from '../management-api/addresses.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import type { TenantSettings } from '../settings/settings.ts';
import type { ForwardingSums } from '../telemetry/forwarding-sums.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import { outcomeOf } from './outcome.ts';
import { beginTransfer, runTransfer, type Transfer } from './transfer.ts';

/** A tenant with what forwarding needs of it. */
export interface ForwardedTenant {
  readonly settings: TenantSettings;
  readonly api: ManagementApi;
  readonly destination: Destination;
}

/** The work of the queue trigger: one content, claimed, streamed to its destination and settled; or its failure recorded. */
export type ForwardContent = (message: unknown, delivery: Delivery, run: Run) => Promise<void>;

export function createForwardContent(
  tenants: ReadonlyMap<string, ForwardedTenant>,
  claims: Claims,
  sums: ForwardingSums,
  world: World,
): ForwardContent {
  function reject(run: Run, message: unknown, { code, message: says }: CollectorError): void {
    run.log('error', { event: 'message.rejected', code, message: says, body: shownMessage(message) });
  }

  async function forward(content: OpenContent, delivery: Delivery, tenant: ForwardedTenant, run: Run): Promise<void> {
    const claim = await claims.claim(content, delivery);
    if (!claim) {
      // Somebody else has it, or it is settled: the ledger brings it back if that does not end well. Or it was never ours.
      ownAddress(tenant.settings, 'content', content.contentUri);
      return;
    }
    const transfer = beginTransfer(claim);
    try {
      await runTransfer(transfer, { ...tenant, http: world.http, claims, now: world.now }, run.signal);
      await claims.settle(transfer.claim, { state: 'forwarded', ...settled(transfer) });
      count(transfer, tenant, 1, run);
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      if (error.code === 'claim_lost') return;
      await recordFailure(transfer, tenant, error, run);
    }
  }

  async function recordFailure(
    transfer: Transfer,
    tenant: ForwardedTenant,
    fault: CollectorError,
    run: Run,
  ): Promise<void> {
    const content = transfer.found;
    const { code, message, externalCode } = fault;
    const about = {
      ...content.scope,
      tenant: tenant.settings.name,
      contentId: content.contentId,
      code,
      message,
      externalCode,
    };
    const progressed = transfer.sent.records > content.sent.records;
    const outcome = outcomeOf(fault, content.attempts, progressed, world.random());
    if (outcome.kind === 'settle') {
      await claims.settle(transfer.claim, { state: outcome.state, ...settled(transfer), code });
      run.log('error', { event: 'content.settled', ...about, state: outcome.state });
    } else {
      const { attempts, waitMs } = outcome;
      const due = world.now() + waitMs;
      await claims.postpone(transfer.claim, {
        due,
        attempts,
        sent: transfer.sent,
        possiblyDoubled: transfer.possiblyDoubled,
        code,
      });
      if (code !== 'deadline_reached')
        run.log('warning', { event: 'content.postponed', ...about, attempts, due: iso(due) });
    }
    count(transfer, tenant, 0, run);
  }

  function settled({ sent, possiblyDoubled }: Transfer) {
    return { records: sent.records, bytes: sent.bytes, possiblyDoubled };
  }

  function count(transfer: Transfer, { settings }: ForwardedTenant, contents: number, run: Run): void {
    const content = transfer.found;
    sums.add(
      {
        scope: content.scope,
        tenant: settings.name,
        contents,
        records: transfer.sent.records - content.sent.records,
        bytes: transfer.sent.bytes - content.sent.bytes,
        batches: transfer.batches,
        possiblyDoubledBatches: transfer.possiblyDoubled - content.possiblyDoubled,
        lagMs: contents > 0 ? world.now() - content.created : 0,
      },
      run.log,
    );
  }

  return async (message, delivery, run) => {
    try {
      const content = readContentMessage(message);
      const tenant = tenants.get(content.scope.tenantId);
      if (!tenant) throw unknownTenant(content);
      await forward(content, delivery, tenant, run);
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      if (error.code !== 'message_invalid' && error.code !== 'address_rejected') throw error;
      reject(run, message, error);
    }
  };
}

function unknownTenant({ scope }: OpenContent): CollectorError {
  return new CollectorError(
    `A message is for tenant ${scope.tenantId}, which is not in the settings. It was dropped and nothing was sent; ` +
      'the ledger keeps its contents. Put the tenant back into the settings to go on with them.',
    { code: 'message_invalid', disposition: 'quarantine' },
  );
}
