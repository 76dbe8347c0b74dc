import type { TableClient } from '@azure/data-tables';
import { isMissing } from '../ledger/conditions.ts';
import { iso } from '../ledger/open-content.ts';

/**
 * When a tenant's destination last accepted something, shared by all instances: a refusal right after that is about the
 * records, not about the destination.
 */
export interface Acceptance {
  noteAccepted(tenantId: string): Promise<void>;
  acceptedLately(tenantId: string): Promise<boolean>;
  /** Whether this instance has seen something accepted after that time, milliseconds since 1970. */
  acceptedSince(tenantId: string, at: number): boolean;
}

const latelyMs = 10 * 60_000;
/** So often at most an instance writes it down. */
const writeEveryMs = 4 * 60_000;
const partitionKey = 'accepted';

export function createAcceptance(table: TableClient, now: () => number): Acceptance {
  const written = new Map<string, number>();
  const seen = new Map<string, number>();

  return {
    async noteAccepted(tenantId) {
      const at = now();
      seen.set(tenantId, at);
      if (at - (written.get(tenantId) ?? Number.NEGATIVE_INFINITY) < writeEveryMs) return;
      written.set(tenantId, at);
      // Only a hint for other instances: that it is missing must not make what was just accepted look like a failure.
      await table
        .upsertEntity({ partitionKey, rowKey: tenantId, at: iso(at) }, 'Replace')
        .catch(() => written.delete(tenantId));
    },

    acceptedSince: (tenantId, at) => (seen.get(tenantId) ?? Number.NEGATIVE_INFINITY) > at,

    async acceptedLately(tenantId) {
      if (now() - (seen.get(tenantId) ?? Number.NEGATIVE_INFINITY) < latelyMs) return true;
      try {
        const row = await table.getEntity<{ at: string }>(partitionKey, tenantId);
        return now() - Date.parse(row.at) < latelyMs;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
  };
}
