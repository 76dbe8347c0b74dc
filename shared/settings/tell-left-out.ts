import { faultOf, type Log } from '../telemetry/events.ts';
import type { LeftOut } from './settings.ts';

/** A tenant that is left out is told of so often that an alarm on the last hour sees it. */
const everyMs = 30 * 60_000;

/** Tells of the tenants that are left out: at the first call, and at one every half an hour after that. */
export function createTellLeftOut(leftOut: readonly LeftOut[], monotonicMs: () => number): (log: Log) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (log) => {
    if (monotonicMs() - toldAt < everyMs) return;
    toldAt = monotonicMs();
    for (const { where, tenantId, name, problems } of leftOut) {
      const message = `${where} is left out, the other tenants go on. ${problems.join(' ')}`;
      log('error', {
        event: 'tenant.left_out',
        where,
        tenantId,
        tenant: name ?? tenantId,
        ...faultOf('settings_invalid', message),
      });
    }
  };
}
