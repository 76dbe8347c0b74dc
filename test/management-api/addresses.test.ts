import { describe, expect, it } from 'vitest';
import { ownAddress } from '../../shared/management-api/addresses.ts';
import { aTenant } from './a-tenant.ts';

const tenant = aTenant();
const root = `https://manage.office.com/api/v1.0/${tenant.tenantId}/activity/feed`;
const publisher = `PublisherIdentifier=${tenant.publisherId}`;

describe('addresses from outside', () => {
  it('are requested with the PublisherIdentifier', () => {
    expect(ownAddress(tenant, 'content', `${root}/audit/2026$1$audit_exchange$x`)).toBe(
      `${root}/audit/2026$1$audit_exchange$x?${publisher}`,
    );
    const page = `${root}/subscriptions/content?contenttype=Audit.Exchange&nextpage=20$26`;
    expect(ownAddress(tenant, 'page', page)).toBe(`${page}&${publisher}`);
    expect(ownAddress(tenant, 'page', `${page}&publisheridentifier=abc`)).toBe(`${page}&publisheridentifier=abc`);
  });

  it('may write the path in another case', () => {
    const address = `https://MANAGE.office.com/API/v1.0/${tenant.tenantId.toUpperCase()}/Activity/Feed/Audit/1$2`;
    expect(ownAddress(tenant, 'content', address)).toContain('https://manage.office.com/API/');
  });

  it.each([
    ['another host', `https://evil.example/api/v1.0/${tenant.tenantId}/activity/feed/audit/1`],
    [
      'a host that only begins like it',
      `https://manage.office.com.evil.example/api/v1.0/${tenant.tenantId}/activity/feed/audit/1`,
    ],
    [
      'a user name that looks like the host',
      `https://manage.office.com@evil.example/api/v1.0/${tenant.tenantId}/activity/feed/audit/1`,
    ],
    ['credentials', `https://a:b@manage.office.com/api/v1.0/${tenant.tenantId}/activity/feed/audit/1`],
    ['plain http', `http://manage.office.com/api/v1.0/${tenant.tenantId}/activity/feed/audit/1`],
    ['another port', `https://manage.office.com:444/api/v1.0/${tenant.tenantId}/activity/feed/audit/1`],
    ['another tenant', 'https://manage.office.com/api/v1.0/99999999-2222-3333-4444-555555555555/activity/feed/audit/1'],
    ['another path', `${root}/subscriptions/stop?contentType=Audit.Exchange`],
    ['steps upwards', `${root}/audit/../subscriptions/stop`],
    ['encoded steps upwards', `${root}/audit/%2e%2e%2fsubscriptions/stop`],
    ['an encoded slash', `${root}/audit/a%2Fb`],
    ['a backslash', `https://manage.office.com\\@evil.example/api/v1.0/${tenant.tenantId}/activity/feed/audit/1`],
    ['no content', `${root}/audit/`],
    ['no address', 'nonsense'],
    ['another scheme', 'file:///etc/passwd'],
  ])('are refused: %s', (_, address) => {
    expect(() => ownAddress(tenant, 'content', address)).toThrowError(
      expect.objectContaining({ code: 'address_rejected' }),
    );
  });

  it('are known for those of another cloud, and refused', () => {
    const elsewhere = `https://manage.office365.us/api/v1.0/${tenant.tenantId}/activity/feed`;
    for (const [kind, address] of [
      ['content', `${elsewhere}/audit/1`],
      ['page', `${elsewhere}/subscriptions/content?nextpage=1`],
    ] as const) {
      expect(() => ownAddress(tenant, kind, address)).toThrowError(
        expect.objectContaining({ code: 'cloud_mismatch', message: expect.stringContaining('in the cloud gcchigh') }),
      );
    }
  });

  it('are refused as a page when they are a content, and the other way round', () => {
    const page = `${root}/subscriptions/content?nextpage=1`;
    expect(() => ownAddress(tenant, 'content', page)).toThrow();
    expect(() => ownAddress(tenant, 'page', `${root}/audit/1`)).toThrow();
    expect(() => ownAddress(tenant, 'page', `${root}/subscriptions/contents?nextpage=1`)).toThrow();
  });
});
