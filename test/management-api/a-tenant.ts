import { Secret } from '../../shared/settings/secret.ts';
import type { TenantSettings } from '../../shared/settings/settings.ts';

/** Settings of a tenant, as the settings parser makes them. */
export function aTenant(changes: Partial<TenantSettings> = {}): TenantSettings {
  return {
    name: 'Contoso',
    tenantId: '11111111-2222-3333-4444-555555555555',
    clientId: '66666666-2222-3333-4444-555555555555',
    credential: { kind: 'client-secret', secret: new Secret('very-secret') },
    cloud: 'worldwide',
    contentTypes: ['Audit.Exchange'],
    publisherId: '11111111-2222-3333-4444-555555555555',
    managementApiUrl: 'https://manage.office.com',
    tokenScope: 'https://manage.office.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
    destination: { type: 'sekoia', url: 'https://intake.sekoia.io', intakeKey: new Secret('intake-key') },
    ...changes,
  };
}
