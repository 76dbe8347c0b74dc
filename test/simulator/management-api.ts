import { type Answer, emptyAnswer, jsonAnswer, rawJsonAnswer } from './answer.ts';
import { apiError, authorizationDenied, tenantDoesNotExist } from './api-errors.ts';
import { type ContentType, contentTypeNamed, contentTypes, readDlpRole, readRole } from './content-types.ts';
import type { Subject } from './faults.ts';
import type { ReceivedRequest } from './http-service.ts';
import { listNextPage, listWindow } from './listing.ts';
import type { OfficeState } from './office-state.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import type { Subscription } from './subscriptions.ts';

/** `list`: subscriptions; `content`: the first page of a window; `page`: a later one; `download`: one content. */
export const officeOperations = ['list', 'start', 'stop', 'content', 'page', 'download', 'unknown'] as const;

const feed = /^\/api\/v1\.0\/([^/]+)\/activity\/feed\/(.+)$/;
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const contentIdPattern = /^[\w.-]+(?:\$[\w.-]+)+$/;
const minStartIntervalMs = 15 * 60_000;

/** What the request is about; notes what no client should ever send. */
export function observeRequest(office: OfficeState, request: ReceivedRequest): Subject {
  const [, tenantId, rest = ''] = feed.exec(request.path) ?? [];
  const operation = tenantId === undefined ? 'unknown' : operationOf(request, rest);
  const about = `${request.method} ${request.path}`;
  if (operation === 'unknown') office.violate(`unknown address: ${about}`);
  if (operation === 'stop') office.violate(`a subscription was stopped: ${about}`);
  const publisher = request.query.get('publisheridentifier');
  if (publisher === undefined) office.violate(`no PublisherIdentifier: ${about}`);
  else if (!guid.test(publisher)) office.violate(`PublisherIdentifier is no GUID: ${about}`);
  const contentId = operation === 'download' ? decoded(rest.slice('audit/'.length)) : undefined;
  const contentType =
    contentId === undefined
      ? request.query.get('contenttype')
      : tenantOf(office, tenantId)?.find(contentId)?.contentType;
  return { operation, tenantId, contentType, contentId };
}

/** The answer of a Management API that is well. */
export async function answerRequest(office: OfficeState, request: ReceivedRequest, subject: Subject): Promise<Answer> {
  const { operation, tenantId = '', contentId } = subject;
  if (operation === 'unknown') return jsonAnswer(404, { Message: 'No HTTP resource was found.' });
  const token = office.tokens.find(request.headers.authorization);
  if (!token) return authorizationDenied();
  if (!guid.test(tenantId)) return apiError('AF20013', [tenantId]);
  const tenant = tenantOf(office, tenantId);
  if (!tenant) return apiError('AF20011', [tenantId]);
  if (token.tenantId !== tenant.tenantId) return apiError('AF20010', [tenantId, token.tenantId]);
  if (!token.roles.includes(readRole)) return apiError('AF10001', [token.roles.join(' '), readRole]);
  const type = contentTypeNamed(subject.contentType);
  if (type && tenant.refusedTypes.has(type)) return emptyAnswer(401);
  if (type === 'DLP.All' && !token.roles.includes(readDlpRole)) {
    return apiError('AF10001', [token.roles.join(' '), readDlpRole]);
  }
  if (!tenant.auditing) return refuseUnaudited(tenant, subject);
  if (operation === 'list') return rawJsonAnswer(listSubscriptions(office, tenant));
  if (operation === 'download') return download(office, tenant, contentId ?? '');
  if (subject.contentType === undefined) return apiError('AF20001', ['contentType']);
  if (!type) {
    office.violate(`unknown content type: ${subject.contentType}`);
    return apiError('AF20020');
  }
  if (operation === 'start') return start(office, tenant, type, request);
  if (operation === 'stop') return stop(tenant, type);
  return operation === 'page'
    ? listNextPage(office, tenant, type, request.query)
    : listWindow(office, tenant, type, request.query);
}

function operationOf(request: ReceivedRequest, rest: string): (typeof officeOperations)[number] {
  if (request.method === 'POST') {
    if (rest === 'subscriptions/start') return 'start';
    return rest === 'subscriptions/stop' ? 'stop' : 'unknown';
  }
  if (request.method !== 'GET') return 'unknown';
  if (rest === 'subscriptions/list') return 'list';
  if (rest === 'subscriptions/content') return request.query.has('nextpage') ? 'page' : 'content';
  return rest.startsWith('audit/') ? 'download' : 'unknown';
}

function tenantOf(office: OfficeState, tenantId: string | undefined): SimulatedTenant | undefined {
  const wanted = tenantId?.toLowerCase();
  return office.tenants.find((tenant) => tenant.tenantId === wanted);
}

function refuseUnaudited(tenant: SimulatedTenant, { operation, contentType }: Subject): Answer {
  const starts = operation === 'start';
  const name = starts ? 'StartSubscription' : 'GetAvailableContent';
  return tenantDoesNotExist(tenant.tenantId, contentType ?? '', name, starts ? 400 : 500);
}

function listSubscriptions(office: OfficeState, tenant: SimulatedTenant): string {
  const rank = ({ contentType }: Subscription): number => contentTypes.indexOf(contentType);
  const sorted = [...tenant.subscriptions.all].sort((one, other) => rank(one) - rank(other));
  return JSON.stringify(sorted.map((subscription) => shown(subscription, office.knobs.omitStatus)));
}

function shown({ contentType, status, webhook }: Subscription, omitStatus: boolean): object {
  return omitStatus ? { contentType, webhook } : { contentType, status, webhook };
}

function start(office: OfficeState, tenant: SimulatedTenant, type: ContentType, request: ReceivedRequest): Answer {
  if (request.body.length > 0) office.violate(`${type}: start with a body`);
  const outcome = tenant.subscriptions.start(type, office.serverNow());
  if (outcome.sinceLastStartMs !== undefined && outcome.sinceLastStartMs < minStartIntervalMs) {
    office.violate(`${type}: started again after ${Math.round(outcome.sinceLastStartMs / 1000)} s`);
  }
  if (outcome.removedWebhook) office.violate(`${type}: start removed a webhook that somebody else had set`);
  return outcome.unchanged ? apiError('AF20024') : jsonAnswer(200, shown(outcome.subscription, false));
}

function stop(tenant: SimulatedTenant, type: ContentType): Answer {
  if (!tenant.subscriptions.get(type)) return apiError('AF20022');
  tenant.subscriptions.remove(type);
  return emptyAnswer(200);
}

function download(office: OfficeState, tenant: SimulatedTenant, contentId: string): Answer {
  if (!contentIdPattern.test(contentId)) return apiError('AF20052', [contentId]);
  const content = tenant.find(contentId);
  const now = office.serverNow();
  if (!content || tenant.lost.has(contentId) || content.visibleFrom > now) return apiError('AF20050', [contentId]);
  if (content.expiresAt <= now) return apiError('AF20051', [contentId]);
  return rawJsonAnswer(content.body());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
