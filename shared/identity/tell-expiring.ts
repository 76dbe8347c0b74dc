import { certificateOf, expiresSoon } from '../doctor/check-credential.ts';
import { dayMs } from '../durations.ts';
import { iso } from '../ledger/open-content.ts';
import type { TenantSettings } from '../settings/settings.ts';
import type { ToldDays } from '../storage/told-days.ts';
import { faultOf } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';

/** Tells, once a day and tenant, of certificates that expire within 30 days or have expired: in time to make a new one. */
export function createTellExpiring(
  tenants: readonly TenantSettings[],
  toldDays: ToldDays,
  now: () => number,
): (run: Run) => Promise<void> {
  return async (run) => {
    for (const { tenantId, name, credential } of tenants) {
      const certificate = certificateOf(credential);
      if (!certificate || !expiresSoon(certificate, now())) continue;
      if (!(await toldDays.claimToday(`credential|${tenantId}`))) continue;
      const expires = iso(certificate.expires);
      const message = `${certificate.name} of tenant ${name} expires on ${expires.slice(0, 10)}. Without a new one nothing is collected after that.`;
      run.log('warning', {
        event: 'credential.expiring',
        tenantId,
        tenant: name,
        expires,
        daysLeft: Math.floor((certificate.expires - now()) / dayMs),
        ...faultOf('credential_expiring', message),
      });
    }
  };
}
