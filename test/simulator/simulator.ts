import { createServerCertificate } from './certificate.ts';
import type { SimulatedCloud } from './clouds.ts';
import { type CredentialKind, registerCredential } from './credentials.ts';
import { createIdentityTokens } from './identity-tokens.ts';
import { type LoginHost, startLoginHost } from './login-host.ts';
import { type ManagedIdentityEndpoint, startManagedIdentityEndpoint } from './managed-identity-endpoint.ts';
import { type Office, startOffice } from './office.ts';
import { mixSeeds } from './random.ts';
import { createRecordPress } from './records/record-press.ts';
import { createSecretWatch } from './secret-watch.ts';
import { type Siem, startSiem } from './siem.ts';
import { createTenant, type SimulatedTenant } from './simulated-tenant.ts';
import { type Stranger, startStranger } from './stranger.ts';
import { settingsOf } from './tenant-settings.ts';
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
  /** Where the tenants live; default `worldwide`. */
  readonly cloud?: SimulatedCloud;
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
  /** Where the app gets the tokens of its managed identities; none is assigned at first. */
  readonly identity: ManagedIdentityEndpoint;
  /** A host that must never be called. */
  readonly stranger: Stranger;
  /** Secrets that came to another host than their own; empty is what to expect. */
  readonly leaks: readonly string[];
  /** Looks for secrets in a line that the app has logged. */
  readLog(line: string): void;
  readonly tenants: readonly SimulatedTenant[];
  /** The first tenant. */
  readonly tenant: SimulatedTenant;
  /** Settings of a collector for one tenant, the first by default, with its client secret; storage is not among them. */
  environment(tenant?: SimulatedTenant): Record<string, string>;
  /**
   * The same with another credential, which is registered with the tenant's app for it. Those of a managed identity hold the
   * variables of its endpoint too, which the identity library reads from the process at its first login.
   */
  environmentWith(credential: CredentialKind, tenant?: SimulatedTenant): Promise<Record<string, string>>;
  /** Settings of a collector for all tenants, or some: `TENANTS`, `TENANTS_2` and so on, and the secrets that they name. */
  environmentOfAll(tenants?: readonly SimulatedTenant[]): Record<string, string>;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Starts the world. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 1, latency = {}, tenants: count = 1, cloud = 'worldwide', tokenLifetimeSeconds = 3600 } = options;
  const now = options.now ?? (() => Date.now());
  const press = createRecordPress(seed);
  const tenants = Array.from({ length: count }, (_, index) => createTenant(seed, index, press, now, cloud));
  const [first] = tenants;
  if (!first) throw new RangeError('A world needs at least one tenant');
  const tokens = createTokenStore(mixSeeds(seed, 5), now);
  const certificate = await createServerCertificate();
  const identityTokens = createIdentityTokens(mixSeeds(seed, 9), now);
  const { leaks, at, readLog } = createSecretWatch(tenants, () => identity?.header);
  const watched = (host: Parameters<typeof at>[0]) => ({ seed, now, watch: at(host) });
  let identity: ManagedIdentityEndpoint | undefined;
  identity = await startManagedIdentityEndpoint({
    ...watched('managed identity endpoint'),
    tokens: identityTokens,
  });
  const login = await startLoginHost({
    ...watched('login host'),
    tenants,
    tokens,
    certificate,
    tokenLifetimeSeconds,
    isIdentityToken: identityTokens.has,
  });
  const office = await startOffice({
    ...watched('Management API'),
    tenants,
    tokens,
    latencyMs: latency.apiMs ?? 0,
  });
  const siem = await startSiem({ ...watched('SIEM'), tenants, latencyMs: latency.intakeMs ?? 0 });
  const stranger = await startStranger(now, at('stranger'));
  const addresses = {
    MANAGEMENT_API_URL: office.origin,
    AUTHORITY_HOST: login.origin,
    SEKOIA_INTAKE_URL: siem.origin,
  };
  const shared = ({ tenantId, clientId, intakeKey }: SimulatedTenant) => ({
    TENANT_ID: tenantId,
    CLIENT_ID: clientId,
    SEKOIA_INTAKE_KEY: intakeKey,
    ...(cloud === 'worldwide' ? {} : { CLOUD: cloud }),
    ...addresses,
  });
  return {
    caCertificate: certificate.cert,
    login,
    office,
    siem,
    identity,
    stranger,
    leaks,
    readLog,
    tenants,
    tenant: first,
    environment: (tenant = first) => ({ CLIENT_SECRET: tenant.clientSecret, ...shared(tenant) }),
    environmentWith: async (credential, tenant = first) => ({
      ...(await registerCredential(credential, tenant, identity)),
      ...shared(tenant),
    }),
    environmentOfAll: (wanted = tenants) => ({ ...settingsOf(wanted), ...addresses }),
    async close() {
      await Promise.all([login, office, siem, identity, stranger].map((service) => service.close()));
    },
  };
}
