import { readContentMessage, shownMessage } from '../dispatching/content-message.ts';
import { CollectorError } from '../errors.ts';
import type { Claims } from '../ledger/claims.ts';
import { backOffMs } from '../resilience/back-off.ts';
import { aboutFault } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';

/**
 * Takes what the host has given up on: contents that were in work when the process crashed, five times over. Each is opened
 * again after a back-off of its own, so that the innocents of a crash come apart from the guilty; the one that crashes again
 * and again ends in quarantine by its attempts. A message that cannot be read is logged once and dropped.
 */
export function createReopenPoisoned(claims: Claims, world: World): (message: unknown, run: Run) => Promise<void> {
  return async (message, run) => {
    try {
      const { content } = readContentMessage(message);
      await claims.release(content, (attempts) => world.now() + backOffMs(attempts, world.random()));
    } catch (error) {
      if (!(error instanceof CollectorError) || error.code !== 'message_invalid') throw error;
      run.log('error', { event: 'message.rejected', ...aboutFault(error), body: shownMessage(message) });
    }
  };
}
