import { CollectorError } from '../errors.ts';
import type { TenantSettings } from '../settings/settings.ts';
import { type Finding, failed, ok, warning } from './check.ts';

/** What the product needs of a token's claims. Source: Microsoft identity platform, "Access token claims reference". */
interface Claims {
  readonly roles?: unknown;
  readonly tid?: unknown;
  readonly aud?: unknown;
}

/** What a token says of itself: its tenant, its audience and its roles. The API decides by them; nobody else verifies them here. */
export function checkToken(token: string, tenant: TenantSettings): Finding[] {
  const claims = readClaims(token);
  if (!claims) {
    return [
      warning(
        'token',
        'The login host gave a token that cannot be read, so that its roles are not known.',
        'See what the next checks say.',
      ),
    ];
  }
  const mismatch = findMismatch(claims, tenant);
  return [mismatch ? failed('token', mismatch) : checkRoles(claims, tenant)];
}

function findMismatch({ tid, aud }: Claims, tenant: TenantSettings): CollectorError | undefined {
  const wanted = tenant.tokenScope.replace(/\/\.default$/, '');
  const audience = typeof aud === 'string' ? aud.replace(/\/+$/, '') : undefined;
  if (typeof tid === 'string' && tid.toLowerCase() !== tenant.tenantId) {
    const message = `The token is one for tenant ${tid}, not for ${tenant.tenantId}. The API refuses it.`;
    return new CollectorError(message, { code: 'tenant_mismatch', disposition: 'fault' });
  }
  // A GUID is the application id of the API, which is the same in its clouds.
  if (audience?.startsWith('https://') && audience !== wanted) {
    const message = `The token is one for ${audience}, not for ${wanted}, the API of the cloud ${tenant.cloud}.`;
    return new CollectorError(message, { code: 'cloud_mismatch', disposition: 'fault' });
  }
  return undefined;
}

function checkRoles(claims: Claims, tenant: TenantSettings): Finding {
  const roles = Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === 'string') : [];
  const wanted = ['ActivityFeed.Read', ...(tenant.contentTypes.includes('DLP.All') ? ['ActivityFeed.ReadDlp'] : [])];
  const missing = wanted.filter((role) => !roles.includes(role));
  if (missing.length === 0) return ok('token', `It has the permissions ${wanted.join(' and ')}, with admin consent.`);
  const has = roles.length === 0 ? 'no permission at all' : roles.join(', ');
  const message = `The token lacks the permission ${missing.join(' and ')}; it has ${has}. The API refuses what needs it.`;
  const remedy =
    'In the Microsoft Entra admin center, App registrations, the app, API permissions, add the application permission (not the ' +
    `delegated one) ${missing.join(' and ')} of "Office 365 Management APIs", then press Grant admin consent. An administrator can also open ` +
    `${tenant.authorityHost}/${tenant.tenantId}/adminconsent?client_id=${tenant.clientId}. It can take some minutes until it shows in a token.`;
  return failed('token', new CollectorError(message, { code: 'permission_missing', disposition: 'fault', remedy }));
}

function readClaims(token: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
