import { type Answer, jsonAnswer } from './answer.ts';
import type { ServerCertificate } from './certificate.ts';
import { refuseProof } from './client-proof.ts';
import { cloudFacts } from './clouds.ts';
import type { FaultHandle, Faults, Subject } from './faults.ts';
import { type ReceivedRequest, startService, type Watch } from './http-service.ts';
import { type LoginErrorCode, loginRefusal } from './login-errors.ts';
import { type LoginAttempt, shownProof } from './login-log.ts';
import { createRandom, mixSeeds } from './random.ts';
import type { RequestCounts } from './request-counts.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import type { TokenStore } from './token-store.ts';
import { createViolations } from './violations.ts';
import { htmlPage } from './wire-faults.ts';

/** The login host of all tenants, as far as an app that logs in as itself needs it. */
export interface LoginHost {
  readonly origin: string;
  readonly requests: RequestCounts;
  readonly faults: Faults;
  /** Requests that no login library sends to a host that it takes as its authority. */
  readonly violations: string[];
  /** Every request for a token of a tenant that exists, unless a fault answered it; without anything secret. */
  readonly attempts: readonly LoginAttempt[];
  /** Tokens given out so far. */
  readonly tokensIssued: number;
  latencyMs: number;
  /** Seconds; of tokens given from now on. */
  tokenLifetimeSeconds: number;
  /** The next token requests are refused with this code; of one tenant only when it is given. */
  refuseNext(code: LoginErrorCode, times?: number, tenant?: SimulatedTenant): FaultHandle;
  /** 503 to everything until a time of the world, or until `up()`. */
  down(until?: number): void;
  up(): void;
  /** Every token given out so far answers 401 from now on. */
  revokeTokens(): void;
  close(): Promise<void>;
}

/** What the login host needs of the world. */
export interface LoginHostOptions {
  readonly seed: number;
  readonly tenants: readonly SimulatedTenant[];
  readonly tokens: TokenStore;
  readonly certificate: ServerCertificate;
  readonly tokenLifetimeSeconds: number;
  /** Whether a managed identity was given this token. */
  readonly isIdentityToken: (token: string) => boolean;
  readonly watch?: Watch | undefined;
  now(): number;
}

const operations = ['metadata', 'token', 'unknown'] as const;
const address = /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/token)$/;

/** Starts the login host on a free port, with https. */
export async function startLoginHost(options: LoginHostOptions): Promise<LoginHost> {
  const { seed, tenants, tokens, certificate, now } = options;
  const attempts: LoginAttempt[] = [];
  const { list: violations, violate } = createViolations();
  let outage: FaultHandle | undefined;

  function observe(request: ReceivedRequest): Subject {
    const [, tenantId, rest] = address.exec(request.path) ?? [];
    const expected = rest === undefined ? 'unknown' : request.method === 'GET' ? 'metadata' : 'token';
    const operation = expected === 'token' && rest?.endsWith('configuration') ? 'unknown' : expected;
    if (operation === 'unknown') violate(`unknown address: ${request.method} ${request.path}`);
    return { operation, tenantId: tenantId?.toLowerCase() };
  }

  async function answer(request: ReceivedRequest, { operation, tenantId = '' }: Subject): Promise<Answer> {
    if (operation === 'unknown') return jsonAnswer(404, { error: 'not_found' });
    const tenant = tenants.find((candidate) => candidate.tenantId === tenantId);
    if (!tenant) return loginRefusal(90002, tenantId, now());
    const authority = `${service.origin}/${tenant.tenantId}`;
    return operation === 'metadata' ? jsonAnswer(200, metadata(authority, tenant)) : token(request, tenant, authority);
  }

  function token(request: ReceivedRequest, tenant: SimulatedTenant, authority: string): Answer {
    const form = new Map(new URLSearchParams(request.body.toString()));
    const endpoint = `${authority}/oauth2/v2.0/token`;
    const scope = form.get('scope')?.split(' ')[0] ?? '';
    const refusal = refuse(form, tenant, endpoint, scope);
    const refused = refusal === undefined ? {} : { refused: refusal.code };
    attempts.push({ tenantId: tenant.tenantId, scope, proof: shownProof(form, endpoint), ...refused });
    if (refusal) return loginRefusal(refusal.code, refusal.detail, now());
    const lifetime = host.tokenLifetimeSeconds;
    return jsonAnswer(
      200,
      {
        token_type: 'Bearer',
        expires_in: lifetime,
        ext_expires_in: lifetime,
        access_token: tokens.issue(tenant, scope, lifetime),
      },
      { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' },
    );
  }

  function refuse(form: ReadonlyMap<string, string>, tenant: SimulatedTenant, endpoint: string, scope: string) {
    const clientId = form.get('client_id') ?? '';
    const grant = form.get('grant_type') ?? '';
    if (grant !== 'client_credentials') return { code: 70003, detail: grant } as const;
    if (scope === '') return { code: 900144, detail: 'scope' } as const;
    if (clientId.toLowerCase() !== tenant.clientId) return { code: 700016, detail: clientId } as const;
    const refusal = refuseProof(form, tenant, endpoint, now(), options.isIdentityToken);
    if (refusal) return refusal;
    return scope === cloudFacts[tenant.cloud].scope ? undefined : ({ code: 500011, detail: scope } as const);
  }

  const service = await startService(
    {
      operations,
      certificate,
      watch: options.watch,
      now,
      latencyMs: () => host.latencyMs,
      maxBodyBytes: 1_048_576,
      observe,
      answer,
      failed: violate,
    },
    now,
    createRandom(mixSeeds(seed, 3)),
  );

  const host: LoginHost = {
    origin: service.origin,
    requests: service.requests,
    faults: service.faults,
    violations,
    attempts,
    latencyMs: 0,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds,
    get tokensIssued() {
      return tokens.issued;
    },
    refuseNext: (code, times = 1, tenant) =>
      service.faults.add({
        match: { operation: 'token', tenantId: tenant?.tenantId },
        times,
        answer: () => loginRefusal(code, tenant?.clientId ?? '', now()),
      }),
    down(until) {
      outage?.remove();
      outage = service.faults.add({ ...(until === undefined ? {} : { until }), answer: htmlPage(503) });
    },
    up() {
      outage?.remove();
    },
    revokeTokens: tokens.revokeAll,
    close: service.close,
  };
  return host;
}

function metadata(authority: string, { cloud }: SimulatedTenant): object {
  return {
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    ...cloudFacts[cloud].metadata,
  };
}
