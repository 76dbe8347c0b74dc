import { CollectorError } from '../errors.ts';
import { cloudOfApi } from '../settings/clouds.ts';
import type { TenantSettings } from '../settings/settings.ts';

/** Which of the API's addresses one is taken for: a content's blob, or the next page of a listing. */
export type AddressKind = 'content' | 'page';

const under: Record<AddressKind, string> = {
  content: 'audit/',
  page: 'subscriptions/content',
};

/** Root of a tenant's feed, with a slash at its end. Source: Management Activity API reference, "Activity API operations". */
export function feedRoot(tenant: TenantSettings): string {
  return `${tenant.managementApiUrl}/api/v1.0/${tenant.tenantId}/activity/feed/`;
}

/**
 * The address to request for one that came from outside (contentUri, NextPageUri, a queue message), with the
 * PublisherIdentifier added where it is missing. A token is sent only to what has passed this check.
 *
 * @throws CollectorError `address_rejected` when the address is not the tenant's own on the API's origin; `cloud_mismatch` when that
 * is because it is on the API's host in another cloud.
 */
export function ownAddress(tenant: TenantSettings, kind: AddressKind, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const root = new URL(feedRoot(tenant) + under[kind]);
  const path = url?.pathname.toLowerCase() ?? '';
  const prefix = root.pathname.toLowerCase();
  const within = kind === 'content' ? path.startsWith(prefix) && path.length > prefix.length : path === prefix;
  // An encoded slash or dot could turn into a step to another path behind a proxy.
  const plain = !/%2f|%5c|%2e|\\/i.test(url?.pathname ?? '');
  if (!url || url.origin !== root.origin || url.username || url.password || !within || !plain) {
    const cloud = url && url.origin !== root.origin ? cloudOfApi(url.origin) : undefined;
    const where = cloud ? ` but on the API's host in the cloud ${cloud}` : '';
    const message = `An address that is not tenant ${tenant.name}'s own on ${root.host}${where} was refused (${shorten(address)}). No request was made to it.`;
    throw cloud
      ? new CollectorError(message, { code: 'cloud_mismatch', disposition: 'fault' })
      : new CollectorError(message, { code: 'address_rejected', disposition: 'quarantine' });
  }
  url.hash = '';
  return withPublisher(tenant, url.href);
}

/** The address with PublisherIdentifier: without it the request counts against a quota shared with everybody. */
export function withPublisher(tenant: TenantSettings, address: string): string {
  if (/[?&]publisheridentifier=/i.test(address)) return address;
  return `${address}${address.includes('?') ? '&' : '?'}PublisherIdentifier=${encodeURIComponent(tenant.publisherId)}`;
}

function shorten(address: string): string {
  const printable = address.replace(/[^\x20-\x7e]/g, '?');
  const withoutQuery = printable.split('?')[0] ?? '';
  return withoutQuery.length > 120 ? `${withoutQuery.slice(0, 120)}…` : withoutQuery;
}
