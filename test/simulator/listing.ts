import { type Answer, rawJsonAnswer } from './answer.ts';
import { apiError } from './api-errors.ts';
import type { ContentType } from './content-types.ts';
import { readWindow } from './listing-window.ts';
import type { OfficeState } from './office-state.ts';
import type { PagePosition } from './page-tokens.ts';
import type { PublishedContent } from './published-content.ts';
import { createRandom, mixSeeds, shuffle } from './random.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

type Query = ReadonlyMap<string, string>;

const headerNames = ['NextPageUri', 'nextpageURI', 'NEXTPAGEURI', 'Nextpageuri'] as const;
const pageKeys: ReadonlySet<string> = new Set([
  'contenttype',
  'starttime',
  'endtime',
  'nextpage',
  'publisheridentifier',
]);

/** `GET subscriptions/content`: the first page of a window. */
export function listWindow(office: OfficeState, tenant: SimulatedTenant, type: ContentType, query: Query): Answer {
  const subscription = tenant.subscriptions.get(type);
  if (!subscription) return apiError('AF20022');
  if (subscription.status === 'disabled') return apiError('AF20023', ['a tenant admin']);
  const serverNow = office.serverNow();
  const window = readWindow(query.get('starttime'), query.get('endtime'), serverNow);
  if (window.misuse) office.violate(`${type}: ${window.misuse}`);
  if ('code' in window) return apiError(window.code, window.details);
  const silent = serverNow < subscription.startedAt + office.knobs.newSubscriptionSilenceMs;
  const contents = silent ? [] : listable(tenant, type, window.from, window.to, serverNow);
  office.listings += 1;
  const position = office.pageTokens.begin(
    {
      tenantId: tenant.tenantId,
      contentType: type,
      startTime: wireTime(window.from),
      endTime: wireTime(window.to),
      contents: shuffle(contents, createRandom(mixSeeds(office.seed, office.listings))),
      pageSize: Math.max(1, office.knobs.pageSize),
    },
    serverNow + office.knobs.pageTokenLifetimeMs,
  );
  return pageAt(office, position);
}

/** `GET` of a NextPageUri, which must come back as it was given. */
export function listNextPage(office: OfficeState, tenant: SimulatedTenant, type: ContentType, query: Query): Answer {
  const token = query.get('nextpage') ?? '';
  const position = office.pageTokens.find(token);
  if (!position || position.snapshot.tenantId !== tenant.tenantId) return apiError('AF20031', [token]);
  const { snapshot } = position;
  const same =
    snapshot.contentType === type &&
    snapshot.startTime === query.get('starttime') &&
    snapshot.endTime === query.get('endtime') &&
    [...query.keys()].every((key) => pageKeys.has(key));
  if (!same) {
    office.violate(`${type}: NextPageUri came back changed`);
    return apiError('AF20031', [token]);
  }
  return pageAt(office, position);
}

function listable(
  tenant: SimulatedTenant,
  type: ContentType,
  from: number,
  to: number,
  serverNow: number,
): PublishedContent[] {
  return tenant
    .createdBetween(type, from, to)
    .filter(({ visibleFrom, expiresAt }) => visibleFrom <= serverNow && serverNow < expiresAt);
}

function pageAt(office: OfficeState, position: PagePosition): Answer {
  const { snapshot, offset } = position;
  const page = snapshot.contents.slice(offset, offset + snapshot.pageSize);
  const token = office.pageTokens.after(position);
  const body = `[${page.map((content) => listedItem(office, content)).join(',')}]`;
  if (token === undefined) return rawJsonAnswer(body);
  const header = headerNames[office.listings % headerNames.length] ?? 'NextPageUri';
  const address =
    `${feedAddress(office, snapshot.tenantId)}/subscriptions/content?contenttype=${snapshot.contentType}` +
    `&starttime=${encodeURIComponent(snapshot.startTime)}&endtime=${encodeURIComponent(snapshot.endTime)}&nextpage=${token}`;
  return rawJsonAnswer(body, { [header]: address });
}

function listedItem(office: OfficeState, content: PublishedContent): string {
  return (
    `{"contentUri":"${contentAddress(office, content)}","contentId":"${content.contentId}",` +
    `"contentType":"${content.contentType}","contentCreated":"${new Date(content.createdAt).toISOString()}",` +
    `"contentExpiration":"${new Date(content.expiresAt).toISOString()}"}`
  );
}

/** Where a content is downloaded from. */
export function contentAddress(office: OfficeState, content: PublishedContent): string {
  return `${feedAddress(office, content.tenantId)}/audit/${content.contentId}`;
}

function feedAddress(office: OfficeState, tenantId: string): string {
  return `${office.origin()}/api/v1.0/${tenantId}/activity/feed`;
}

/** Another format than the one in which times are sent. */
function wireTime(time: number): string {
  return new Date(time).toISOString().replace('Z', '0000Z');
}
