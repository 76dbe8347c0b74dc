import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { gunzipSync } from 'node:zlib';
import type { ListedItem } from './api-faults.ts';
import { cloudFacts } from './clouds.ts';
import type { ContentType } from './content-types.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import type { Simulator } from './simulator.ts';

/** An answer as it came over the wire, decompressed. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Header names as they were written. */
  readonly headerNames: readonly string[];
  readonly bytes: Buffer;
  /** Bytes of the body as it was sent. */
  readonly wireBytes: number;
}

/** A request by hand. */
export interface PlainRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** PEM to trust. */
  readonly ca?: string;
}

/** Sends one request on a connection of its own; rejects when the answer does not come whole. */
export function call(address: string, options: PlainRequest = {}): Promise<PlainAnswer> {
  const { method = 'GET', headers = {}, body, ca } = options;
  const begin = address.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = begin(address, { method, headers, agent: false, ...(ca ? { ca } : {}) }, (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const wire = Buffer.concat(pieces);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          headerNames: incoming.rawHeaders.filter((_, index) => index % 2 === 0),
          bytes: incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire,
          wireBytes: wire.length,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The body as the JSON value that it should be. */
export function jsonOf<T>(answer: PlainAnswer): T {
  return JSON.parse(answer.bytes.toString()) as T;
}

/** A client that logs in with a secret and sends every request as it should be sent. */
export interface FeedClient {
  readonly token: string;
  /** Below the tenant's feed; PublisherIdentifier is added. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<PlainAnswer>;
  post(path: string): Promise<PlainAnswer>;
  /** A contentUri or a NextPageUri; PublisherIdentifier is added. */
  follow(address: string, headers?: Readonly<Record<string, string>>): Promise<PlainAnswer>;
  /** All entries of a window, page after page. */
  listAll(type: ContentType, startTime: string, endTime: string): Promise<ListedItem[]>;
}

/** Asks the login host for a token by hand; a field that is undefined is left out. */
export function requestToken(
  simulator: Simulator,
  tenant: SimulatedTenant = simulator.tenant,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<PlainAnswer> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
    scope: cloudFacts[tenant.cloud].scope,
    ...changes,
  };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
  return call(`${simulator.login.origin}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    ca: simulator.caCertificate,
  });
}

/** Logs in; the client goes on using this one token. */
export async function logIn(simulator: Simulator, tenant: SimulatedTenant = simulator.tenant): Promise<FeedClient> {
  const { access_token: token } = jsonOf<{ access_token: string }>(await requestToken(simulator, tenant));
  const feed = `${simulator.office.origin}/api/v1.0/${tenant.tenantId}/activity/feed`;
  const identified = (address: string): string =>
    `${address}${address.includes('?') ? '&' : '?'}PublisherIdentifier=${tenant.tenantId}`;
  const authorization = { Authorization: `Bearer ${token}` };
  const follow: FeedClient['follow'] = (address, headers = {}) =>
    call(identified(address), { headers: { ...authorization, ...headers } });
  return {
    token,
    follow,
    get: (path, headers) => follow(`${feed}/${path}`, headers),
    post: (path) => call(identified(`${feed}/${path}`), { method: 'POST', headers: authorization }),
    async listAll(type, startTime, endTime) {
      const items: ListedItem[] = [];
      let next: string | undefined =
        `${feed}/subscriptions/content?contentType=${type}&startTime=${startTime}&endTime=${endTime}`;
      while (next) {
        const answer: PlainAnswer = await follow(next);
        if (answer.status !== 200) throw new Error(`${answer.status} ${answer.bytes}`);
        items.push(...jsonOf<ListedItem[]>(answer));
        next = answer.headers['nextpageuri'] as string | undefined;
      }
      return items;
    },
  };
}
