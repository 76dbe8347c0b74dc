import { describe, expect, it } from 'vitest';
import { checkStorage } from '../../shared/doctor/check-storage.ts';
import { checkToken } from '../../shared/doctor/check-token.ts';
import { CollectorError } from '../../shared/errors.ts';
import { Secret } from '../../shared/settings/secret.ts';
import { aTenant } from '../management-api/a-tenant.ts';

const tenant = aTenant();

function tokenWith(claims: object): string {
  return ['{}', JSON.stringify(claims), 's'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

describe('a token', () => {
  const good = { tid: tenant.tenantId, aud: 'https://manage.office.com', roles: ['ActivityFeed.Read'] };

  it.each([
    ['of the tenant, for the API, with the role', good, 'ok', undefined],
    ['whose audience is the id of the API', { ...good, aud: 'c5393580-f805-4401-95e8-94b7a6ef2fc2' }, 'ok', undefined],
    ['whose audience ends in a slash', { ...good, aud: 'https://manage.office.com/' }, 'ok', undefined],
    ['of another tenant', { ...good, tid: '99999999-2222-3333-4444-555555555555' }, 'failed', 'tenant_mismatch'],
    ['for the API of another cloud', { ...good, aud: 'https://manage.office365.us' }, 'failed', 'cloud_mismatch'],
    ['with other roles alone', { ...good, roles: ['ServiceHealth.Read'] }, 'failed', 'permission_missing'],
    ['without roles', { ...good, roles: undefined }, 'failed', 'permission_missing'],
  ] as const)('%s', (_, claims, status, code) => {
    expect(checkToken(tokenWith(claims), tenant)).toMatchObject([
      { check: 'token', status, ...(code ? { code } : {}) },
    ]);
  });

  it.each(['opaque', 'a.b.c', ''])('that cannot be read says so: %j', (token) => {
    expect(checkToken(token, tenant)).toMatchObject([{ status: 'warning' }]);
  });
});

describe('the emulator for storage', () => {
  const fault = new CollectorError('Nobody there.', { code: 'storage_unavailable', disposition: 'retry' });
  const connected = (connectionString: string) =>
    ({ kind: 'connection-string', connectionString: new Secret(connectionString) }) as const;

  it('that does not run is a warning, as npm run local has one of its own', () => {
    const probe = { part: 'table', missing: false, fault } as const;
    expect(checkStorage(connected('UseDevelopmentStorage=true'), probe)).toMatchObject({ status: 'warning' });
    expect(checkStorage(connected('AccountName=a;AccountKey=b'), probe)).toMatchObject({ status: 'failed' });
  });
});
