import { CollectorError } from '../errors.ts';
import type { HttpAnswer, HttpClient } from '../http/http-client.ts';
import type { TokenSource } from '../identity/token-source.ts';
import type { ContentType, TenantSettings } from '../settings/settings.ts';
import { feedRoot, ownAddress, withPublisher } from './addresses.ts';
import { firstBytesAreArray } from './array-body.ts';
import { apiFault, type Operation } from './faults.ts';
import { apiTime, type ListedContent, readListedContent } from './listed-content.ts';

export interface Subscription {
  readonly contentType: string;
  /** `unknown` where the API leaves the status out, as its own sample does. */
  readonly status: 'enabled' | 'disabled' | 'unknown';
  /** Somebody's webhook stands on it; starting it anew would take that away. */
  readonly hasWebhook: boolean;
}

export interface ListingPage {
  readonly contents: readonly ListedContent[];
  /** How many items could not be read. */
  readonly invalid: number;
  /** Opaque address of the next page. */
  readonly nextPage?: string;
}

/** Half-open, over contentCreated; milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * The Management Activity API for one tenant. Every request carries the PublisherIdentifier, and the token goes to no
 * address but the tenant's own.
 *
 * @throws CollectorError with the codes of the table in faults.ts, `network_*`, `login_*` and `address_rejected`.
 */
export interface ManagementApi {
  listSubscriptions(signal: AbortSignal): Promise<readonly Subscription[]>;
  startSubscription(contentType: ContentType, signal: AbortSignal): Promise<void>;
  /** One page of the contents created in the window: the first, or the one `nextPage` names. */
  listContents(
    contentType: ContentType,
    window: TimeWindow,
    nextPage: string | undefined,
    signal: AbortSignal,
  ): Promise<ListingPage>;
  /** The content's body: it begins as a JSON array does, or this throws. */
  download(contentType: ContentType, contentUri: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  /** The time of the server, by the last answer's Date; ours before the first. */
  serverNow(): number;
}

const answerTimeoutMs = 60_000;
const idleTimeoutMs = 30_000;
const maxPageBytes = 64 * 1024 * 1024;
const maxFaultBytes = 64 * 1024;

/** The client of one tenant. */
export function createManagementApi(
  tenant: TenantSettings,
  http: HttpClient,
  tokens: TokenSource,
  now: () => number,
): ManagementApi {
  const root = feedRoot(tenant);
  let clockOffsetMs = 0;
  let tokenWithoutRole: string | undefined;

  interface Request {
    readonly operation: Operation;
    readonly contentType?: ContentType;
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly signal: AbortSignal;
  }

  async function send(request: Request, token: string): Promise<HttpAnswer> {
    const attempt = () =>
      http.send({
        method: request.method,
        url: request.url,
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: 'application/json',
        },
        answerTimeoutMs,
        idleTimeoutMs,
        signal: request.signal,
        ...(request.method === 'POST' ? { body: Buffer.alloc(0) } : {}),
      });
    const answer = await attempt().catch((error: unknown) => {
      // A kept connection that the server closed as we used it says nothing about the service: ask once more.
      if (error instanceof CollectorError && error.code === 'network_failed' && request.method === 'GET')
        return attempt();
      throw error;
    });
    const date = Date.parse(answer.header('date') ?? '');
    if (!Number.isNaN(date)) {
      const offset = date - now();
      // The header has whole seconds only.
      clockOffsetMs = Math.abs(offset) < 2_000 ? 0 : offset;
    }
    return answer;
  }

  async function request(request: Request): Promise<HttpAnswer> {
    const { signal } = request;
    // Consent that was given meanwhile shows in a new token only.
    const token = await (tokenWithoutRole ? tokens.renew(tokenWithoutRole, signal) : tokens.token(signal));
    tokenWithoutRole = undefined;
    let answer = await send(request, token);
    let body = answer.status === 200 ? '' : await answer.text(maxFaultBytes);
    if (answer.status === 401 && !/\bAF\d{3,5}\b/.test(body)) {
      answer = await send(request, await tokens.renew(token, signal));
      if (answer.status !== 200) body = await answer.text(maxFaultBytes);
    }
    if (answer.status === 200) return answer;
    const fault = faultOf(request, answer, body);
    if (fault.code === 'permission_missing') tokenWithoutRole = token;
    throw fault;
  }

  function faultOf(request: Request, answer: HttpAnswer, body: string): CollectorError {
    return apiFault({
      operation: request.operation,
      tenant: tenant.name,
      contentType: request.contentType,
      status: answer.status,
      body,
      retryAfter: answer.header('retry-after'),
    });
  }

  /** Sends and reads a JSON array; anything else with HTTP 200 is a fault too. */
  async function requestArray(what: Request): Promise<{ items: readonly unknown[]; answer: HttpAnswer }> {
    const answer = await request(what);
    const body = await answer.text(maxPageBytes);
    const items = parseArray(body);
    if (!items) throw faultOf(what, answer, body.slice(0, maxFaultBytes));
    return { items, answer };
  }

  return {
    async listSubscriptions(signal) {
      const url = withPublisher(tenant, `${root}subscriptions/list`);
      const { items } = await requestArray({
        operation: 'list subscriptions',
        method: 'GET',
        url,
        signal,
      });
      return items.flatMap(readSubscription);
    },

    async startSubscription(contentType, signal) {
      const url = withPublisher(tenant, `${root}subscriptions/start?contentType=${encodeURIComponent(contentType)}`);
      try {
        const answer = await request({
          operation: 'start subscription',
          contentType,
          method: 'POST',
          url,
          signal,
        });
        await answer.text(maxFaultBytes);
      } catch (error) {
        if (error instanceof CollectorError && error.disposition === 'continue') return;
        throw error;
      }
    },

    async listContents(contentType, window, nextPage, signal) {
      const query = `contentType=${encodeURIComponent(contentType)}&startTime=${apiTime(window.from)}&endTime=${apiTime(window.to)}`;
      const url = nextPage
        ? ownAddress(tenant, 'page', nextPage)
        : withPublisher(tenant, `${root}subscriptions/content?${query}`);
      const { items, answer } = await requestArray({
        operation: 'list contents',
        contentType,
        method: 'GET',
        url,
        signal,
      });
      const contents = items.map(readListedContent).filter((content) => content !== undefined);
      const next = answer.header('nextpageuri');
      return {
        contents,
        invalid: items.length - contents.length,
        ...(next ? { nextPage: next } : {}),
      };
    },

    async download(contentType, contentUri, signal) {
      const url = ownAddress(tenant, 'content', contentUri);
      const what: Request = {
        operation: 'download content',
        contentType,
        method: 'GET',
        url,
        signal,
      };
      const answer = await request(what);
      return firstBytesAreArray(answer.body, maxFaultBytes, (text) => faultOf(what, answer, text));
    },

    serverNow: () => now() + clockOffsetMs,
  };
}

function parseArray(body: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(body.replace(/^\uFEFF/, ''));
    return Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readSubscription(item: unknown): Subscription[] {
  if (typeof item !== 'object' || item === null) return [];
  const { contentType, status, webhook } = item as Record<string, unknown>;
  if (typeof contentType !== 'string') return [];
  const said = typeof status === 'string' ? status.toLowerCase() : '';
  const known = said === 'enabled' || said === 'disabled' ? said : 'unknown';
  return [
    {
      contentType,
      status: known,
      hasWebhook: typeof webhook === 'object' && webhook !== null,
    },
  ];
}
