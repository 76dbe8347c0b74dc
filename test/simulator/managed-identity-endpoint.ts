import { type Answer, jsonAnswer } from './answer.ts';
import type { FaultHandle, Faults, Subject } from './faults.ts';
import { type ReceivedRequest, startService, type Watch } from './http-service.ts';
import type { IdentityTokens, UserAssignedIdentity } from './identity-tokens.ts';
import { createRandom, mixSeeds } from './random.ts';
import type { RequestCounts } from './request-counts.ts';
import { createViolations } from './violations.ts';
import { plainText, resetBeforeAnswer } from './wire-faults.ts';

/** The managed identity endpoint that Azure Functions gives to an app, with the identities assigned to that app. */
export interface ManagedIdentityEndpoint {
  readonly origin: string;
  /** `IDENTITY_ENDPOINT`. */
  readonly address: string;
  /** `IDENTITY_HEADER`: a secret between the app and its endpoint. */
  readonly header: string;
  readonly requests: RequestCounts;
  readonly faults: Faults;
  /** Requests that no identity library sends; empty is what to expect. */
  readonly violations: string[];
  /** Tokens given out so far. */
  readonly tokensIssued: number;
  /** Seconds; of tokens given from now on. The service's own are valid for a day. */
  tokenLifetimeSeconds: number;
  assign(identity: UserAssignedIdentity): void;
  unassign(identity: UserAssignedIdentity): void;
  /** Nothing is given out until a time of the world, or until `up()`; status 503, or the connection is reset. */
  down(options?: { readonly until?: number; readonly how?: 'unavailable' | 'reset' }): void;
  up(): void;
  close(): Promise<void>;
}

/** What the endpoint needs of the world. */
export interface ManagedIdentityOptions {
  readonly seed: number;
  readonly tokens: IdentityTokens;
  readonly watch?: Watch | undefined;
  now(): number;
}

const path = '/msi/token';
const apiVersion = '2019-08-01';
const headerName = 'x-identity-header';

/**
 * Starts the endpoint on a free port, with http as the service's own.
 *
 * Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference. Observed: the words in
 * which an identity that is not assigned is refused, such as in Azure-Samples/azure-search-openai-demo issue 2148.
 */
export async function startManagedIdentityEndpoint(options: ManagedIdentityOptions): Promise<ManagedIdentityEndpoint> {
  const { seed, tokens, watch, now } = options;
  const { list: violations, violate } = createViolations();
  const random = createRandom(mixSeeds(seed, 7));
  const header = random.guid().toUpperCase();
  const identities = new Map<string, UserAssignedIdentity>();
  let outage: FaultHandle | undefined;

  function observe({ method, path: asked, query, headers }: ReceivedRequest): Subject {
    const operation = method === 'GET' && asked === path ? 'token' : 'unknown';
    if (operation === 'unknown') violate(`unknown address: ${method} ${asked}`);
    else if (headers[headerName] !== header) violate(`${headers[headerName] ? 'wrong' : 'no'} X-IDENTITY-HEADER`);
    else if (query.get('api-version') !== apiVersion) violate(`api-version ${query.get('api-version')}`);
    else if (!query.get('resource')) violate('no resource');
    return { operation, tenantId: identities.get(query.get('client_id')?.toLowerCase() ?? '')?.tenantId };
  }

  async function answer({ query, headers }: ReceivedRequest, { operation }: Subject): Promise<Answer> {
    if (operation === 'unknown') return refused(404, 'Not found');
    if (headers[headerName] === undefined) return refused(400, 'The header X-IDENTITY-HEADER is missing.');
    if (headers[headerName] !== header) return refused(401, 'The header X-IDENTITY-HEADER is not valid.');
    if (query.get('api-version') !== apiVersion) return refused(400, 'The api-version is not supported.');
    const resource = query.get('resource');
    if (!resource) return refused(400, 'The parameter resource is missing.');
    const clientId = query.get('client_id')?.toLowerCase();
    const end = 'found for specified ClientId/ResourceId/PrincipalId.';
    if (clientId === undefined) return refused(400, `No Managed Identity ${end}`);
    const identity = identities.get(clientId);
    if (!identity) return refused(400, `No User Assigned or Delegated Managed Identity ${end}`);
    const lifetime = endpoint.tokenLifetimeSeconds;
    return jsonAnswer(200, {
      access_token: tokens.issue(identity, resource, lifetime),
      expires_on: String(Math.floor(now() / 1000) + lifetime),
      resource,
      token_type: 'Bearer',
      client_id: identity.clientId,
    });
  }

  function refused(statusCode: number, message: string): Answer {
    return jsonAnswer(statusCode, { statusCode, message, correlationId: random.guid() });
  }

  const service = await startService(
    {
      operations: ['token', 'unknown'],
      now,
      latencyMs: () => 0,
      maxBodyBytes: 1_048_576,
      watch,
      observe,
      answer,
      failed: violate,
    },
    now,
    createRandom(mixSeeds(seed, 6)),
  );

  const endpoint: ManagedIdentityEndpoint = {
    origin: service.origin,
    address: service.origin + path,
    header,
    requests: service.requests,
    faults: service.faults,
    violations,
    get tokensIssued() {
      return tokens.issued;
    },
    tokenLifetimeSeconds: 86_400,
    assign: (identity) => void identities.set(identity.clientId, identity),
    unassign: ({ clientId }) => void identities.delete(clientId),
    down({ until, how = 'unavailable' } = {}) {
      outage?.remove();
      const fault = how === 'reset' ? resetBeforeAnswer() : plainText(503, 'Service Unavailable');
      outage = service.faults.add({ ...(until === undefined ? {} : { until }), answer: fault });
    },
    up() {
      outage?.remove();
    },
    close: service.close,
  };
  return endpoint;
}
