import { originOfMessage, readContentMessage, shownMessage } from '../dispatching/content-message.ts';
import { CollectorError } from '../errors.ts';
import type { Claims } from '../ledger/claims.ts';
import { backOffMs } from '../resilience/back-off.ts';
import type { TenantSettings } from '../settings/settings.ts';
import { aboutFault, faultOf } from '../telemetry/events.ts';
import { withOrigin } from '../telemetry/origin.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';

/**
 * Takes what the host has given up on: contents that were in work when the process crashed, five times over. Each is opened
 * again after a back-off of its own, so that the innocents of a crash come apart from the guilty; the one that crashes again
 * and again ends in quarantine by its attempts. A message that cannot be read is logged once and dropped.
 */
export function createReopenPoisoned(
  claims: Claims,
  tenants: ReadonlyMap<string, { readonly settings: TenantSettings }>,
  world: World,
): (message: unknown, run: Run) => Promise<void> {
  return async (message, run) => {
    try {
      const read = readContentMessage(message);
      const { content } = read;
      const { tenantId } = content.scope;
      const tenant = tenants.get(tenantId)?.settings.name ?? tenantId;
      const what =
        'Five executions in a row that worked on this content ended without a word. It is opened again, with a back-off.';
      // Told before it is done: a crash in between may tell it twice, but not never.
      withOrigin(run.log, originOfMessage(read))('error', {
        event: 'message.given_up',
        ...content.scope,
        tenant,
        contentId: content.contentId,
        ...faultOf('executions_crashed', what),
      });
      await claims.release(content, (attempts) => world.now() + backOffMs(attempts, world.random()));
    } catch (error) {
      if (!(error instanceof CollectorError) || error.code !== 'message_invalid') throw error;
      run.log('error', { event: 'message.rejected', ...aboutFault(error), body: shownMessage(message) });
    }
  };
}
