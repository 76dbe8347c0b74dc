import { createServerCertificate } from './certificate.ts';
import { type LoginHost, startLoginHost } from './login-host.ts';
import { type Office, startOffice } from './office.ts';
import { mixSeeds } from './random.ts';
import { createRecordPress } from './records/record-press.ts';
import { type Siem, startSiem } from './siem.ts';
import { createTenant, type SimulatedTenant } from './simulated-tenant.ts';
import { type Stranger, startStranger } from './stranger.ts';
import { createTokenStore } from './token-store.ts';

/** What a simulated world is made of. */
export interface SimulatorOptions {
  /** The same seed gives the same tenants and records; default 1. */
  readonly seed?: number;
  /** Time of the world in milliseconds since 1970; default `Date.now`, looked up at each call. */
  readonly now?: () => number;
  /** Real milliseconds that every request takes at least; default 0. */
  readonly latency?: { readonly apiMs?: number; readonly intakeMs?: number };
  /** How many tenants there are; default 1. */
  readonly tenants?: number;
  /** Default 3600. */
  readonly tokenLifetimeSeconds?: number;
}

/** Microsoft 365 tenants, the services in front of them and a SIEM, on free ports of 127.0.0.1. */
export interface Simulator {
  /** PEM; the client has to trust it to reach the login host. */
  readonly caCertificate: string;
  readonly login: LoginHost;
  readonly office: Office;
  readonly siem: Siem;
  /** A host that must never be called. */
  readonly stranger: Stranger;
  readonly tenants: readonly SimulatedTenant[];
  /** The first tenant. */
  readonly tenant: SimulatedTenant;
  /** Settings of a collector for one tenant, the first by default; storage is not among them. */
  environment(tenant?: SimulatedTenant): Record<string, string>;
  /** Settings of a collector for all tenants: `TENANTS` and the secrets that it names. */
  environmentOfAll(): Record<string, string>;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Starts the world. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 1, latency = {}, tenants: count = 1, tokenLifetimeSeconds = 3600 } = options;
  const now = options.now ?? (() => Date.now());
  const press = createRecordPress(seed);
  const tenants = Array.from({ length: count }, (_, index) => createTenant(seed, index, press, now));
  const [first] = tenants;
  if (!first) throw new RangeError('A world needs at least one tenant');
  const tokens = createTokenStore(mixSeeds(seed, 5), now);
  const certificate = await createServerCertificate();
  const login = await startLoginHost({ seed, tenants, tokens, certificate, tokenLifetimeSeconds, now });
  const office = await startOffice({ seed, tenants, tokens, latencyMs: latency.apiMs ?? 0, now });
  const siem = await startSiem({ seed, tenants, latencyMs: latency.intakeMs ?? 0, now });
  const stranger = await startStranger(now);
  const addresses = {
    MANAGEMENT_API_URL: office.origin,
    AUTHORITY_HOST: login.origin,
    SEKOIA_INTAKE_URL: siem.origin,
  };
  return {
    caCertificate: certificate.cert,
    login,
    office,
    siem,
    stranger,
    tenants,
    tenant: first,
    environment: (tenant = first) => ({
      TENANT_ID: tenant.tenantId,
      CLIENT_ID: tenant.clientId,
      CLIENT_SECRET: tenant.clientSecret,
      SEKOIA_INTAKE_KEY: tenant.intakeKey,
      ...addresses,
    }),
    environmentOfAll: () => ({ ...settingsOf(tenants), ...addresses }),
    async close() {
      await Promise.all([login.close(), office.close(), siem.close(), stranger.close()]);
    },
  };
}

function settingsOf(tenants: readonly SimulatedTenant[]): Record<string, string> {
  const secrets: Record<string, string> = {};
  const items = tenants.map(({ name, tenantId, clientId, clientSecret, intakeKey }, index) => {
    const clientSecretSetting = `TENANT_${index + 1}_CLIENT_SECRET`;
    const intakeKeySetting = `TENANT_${index + 1}_INTAKE_KEY`;
    secrets[clientSecretSetting] = clientSecret;
    secrets[intakeKeySetting] = intakeKey;
    return { name, tenantId, clientId, clientSecretSetting, destination: { type: 'sekoia', intakeKeySetting } };
  });
  return { TENANTS: JSON.stringify(items), ...secrets };
}
