import { CollectorError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { cloudAddresses } from '../settings/clouds.ts';
import type { Cloud, TenantSettings } from '../settings/settings.ts';
import { type Finding, failed, ok, warning } from './check.ts';

const answerTimeoutMs = 15_000;
const maxBytes = 64 * 1024;

/**
 * Which cloud the tenant is in, by what the login host tells anybody about it, against `CLOUD`; nothing when it does not tell.
 *
 * Observed, for public tenants of each cloud: `cloud_instance_name` is microsoftonline.com, microsoftonline.us or
 * partner.microsoftonline.cn; `tenant_region_sub_scope` is GCC, DODCON (GCC High) or DOD.
 */
export async function checkCloud(tenant: TenantSettings, http: HttpClient, signal: AbortSignal): Promise<Finding[]> {
  const cloud = cloudOf(await readMetadata(tenant, http, signal));
  if (cloud === undefined) return [];
  if (cloud === tenant.cloud) return [ok('cloud', `The tenant is in the cloud ${cloud}, as CLOUD says.`)];
  const message = `The tenant is in the cloud ${cloud}, by what the login host says; CLOUD says ${tenant.cloud}.`;
  const remedy = `Set CLOUD (or "cloud" of the tenant) to ${cloud}.`;
  const sameLogin = cloudAddresses[cloud].authorityHost === cloudAddresses[tenant.cloud].authorityHost;
  if (sameLogin) return [warning('cloud', `${message} The API of another cloud may not have its audit log.`, remedy)];
  return [failed('cloud', new CollectorError(message, { code: 'cloud_mismatch', disposition: 'fault', remedy }))];
}

/** The tenant's OpenID Connect metadata, which needs no token; undefined when there is none: logging in says why. */
async function readMetadata(tenant: TenantSettings, http: HttpClient, signal: AbortSignal): Promise<unknown> {
  const url = `${tenant.authorityHost}/${tenant.tenantId}/v2.0/.well-known/openid-configuration`;
  try {
    const answer = await http.send({ method: 'GET', url, headers: {}, answerTimeoutMs, signal });
    const body = await answer.text(maxBytes);
    return answer.status === 200 ? JSON.parse(body) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof CollectorError) return undefined;
    throw error;
  }
}

function cloudOf(metadata: unknown): Cloud | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const { cloud_instance_name: instance, tenant_region_sub_scope: subScope } = metadata as Record<string, unknown>;
  switch (instance) {
    case 'microsoftonline.com':
      return subScope === 'GCC' ? 'gcc' : 'worldwide';
    case 'microsoftonline.us':
      return subScope === 'DOD' ? 'dod' : subScope === 'DODCON' ? 'gcchigh' : undefined;
    case 'partner.microsoftonline.cn':
      return 'china';
    default:
      return undefined;
  }
}
