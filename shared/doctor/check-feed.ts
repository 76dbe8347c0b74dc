import { durationText, hourMs } from '../durations.ts';
import { CollectorError } from '../errors.ts';
import type { ProgressRows, SubscriptionState } from '../ledger/progress-rows.ts';
import type { ManagementApi, Subscription } from '../management-api/management-api.ts';
import type { ContentType, TenantSettings } from '../settings/settings.ts';
import { type Finding, failed, ok, warning } from './check.ts';

/** Newest content is looked for in ever wider windows before now; all below the 24 hours that the API allows. */
const windowsMs = [hourMs, 6 * hourMs, 23 * hourMs];
/** Of each window so many pages are looked at: on any of them the newest content may stand. */
const maxPages = 5;
/** Source: Management Activity API reference, "Start a subscription". */
const firstContentMs = 12 * hourMs;

/** What the API says of a tenant: auditing, and each content type's subscription and newest content. */
export async function checkFeed(
  tenant: TenantSettings,
  api: ManagementApi,
  rows: Pick<ProgressRows, 'readSubscription'>,
  now: () => number,
  signal: AbortSignal,
): Promise<Finding[]> {
  let subscriptions: readonly Subscription[];
  try {
    subscriptions = await api.listSubscriptions(signal);
  } catch (error) {
    return [failed('auditing', asFault(error))];
  }
  const types = await Promise.all(
    tenant.contentTypes.map(async (contentType) => {
      const found = subscriptions.find((each) => each.contentType.toLowerCase() === contentType.toLowerCase());
      // Storage has a check of its own: what is remembered of the subscription is left out where it cannot be read.
      const state = await rows.readSubscription({ tenantId: tenant.tenantId, contentType }).catch(() => undefined);
      const subscription = checkSubscription(found, state, now());
      const enabled = found?.status === 'enabled' || found?.status === 'unknown';
      const findings = enabled
        ? [subscription, await checkListing(contentType, api, state, now(), signal)]
        : [subscription];
      return findings.map((finding) => ({ ...finding, contentType }));
    }),
  );
  return [
    ok('auditing', 'The API knows the tenant and hands out its audit log: unified auditing is on.'),
    ...types.flat(),
  ];
}

function checkSubscription(
  found: Subscription | undefined,
  state: SubscriptionState | undefined,
  now: number,
): Finding {
  if (found?.status === 'enabled' || found?.status === 'unknown') {
    const started = state !== undefined && state.lastStart > 0;
    const age = started ? `started by this app ${durationText(now - state.lastStart)} ago` : 'not started by this app';
    return ok('subscription', `Enabled; ${age}.`);
  }
  const status = found === undefined ? 'There is no subscription yet' : 'The subscription is disabled';
  if (found?.hasWebhook) {
    const message = `${status} and has a webhook of another application, which a start would take away. It is left alone and nothing of this type is collected.`;
    return failed('subscription', new CollectorError(message, { code: 'subscription_disabled', disposition: 'retry' }));
  }
  if (state && state.code !== '') {
    const { code, message, remedy } = state;
    return { check: 'subscription', status: 'failed', message: `${status}. ${message}`, remedy, code };
  }
  return warning(
    'subscription',
    `${status}. The app starts it with its next run, and at most once in 15 minutes.`,
    'Nothing: wait for the app to run. The first content can take 12 hours after that.',
  );
}

async function checkListing(
  contentType: ContentType,
  api: ManagementApi,
  state: SubscriptionState | undefined,
  now: number,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    const newest = await findNewest(contentType, api, signal);
    if (newest !== undefined) {
      return ok(
        'listing',
        `Listing works; the newest content was created ${durationText(Math.max(0, api.serverNow() - newest))} ago.`,
      );
    }
  } catch (error) {
    return failed('listing', asFault(error));
  }
  const fresh = state !== undefined && state.lastStart > 0 && now - state.lastStart < firstContentMs;
  if (fresh)
    return ok(
      'listing',
      'Listing works; there is no content yet: the first can take 12 hours after the start of the subscription.',
    );
  return warning(
    'listing',
    'Listing works, but there is no content of the last 23 hours.',
    'Nothing, if nobody has done anything of this kind in the tenant, or the subscription is younger than 12 hours. Otherwise check that auditing is on for its users and services.',
  );
}

/** contentCreated of the newest content of the last 23 hours. */
async function findNewest(
  contentType: ContentType,
  api: ManagementApi,
  signal: AbortSignal,
): Promise<number | undefined> {
  let to = api.serverNow();
  const end = to;
  for (const width of windowsMs) {
    const from = end - width;
    let newest: number | undefined;
    let nextPage: string | undefined;
    for (let page = 0; page === 0 || (nextPage !== undefined && page < maxPages); page += 1) {
      const listed = await api.listContents(contentType, { from, to }, nextPage, signal);
      for (const { created } of listed.contents) newest = Math.max(newest ?? created, created);
      nextPage = listed.nextPage;
    }
    if (newest !== undefined) return newest;
    to = from;
  }
  return undefined;
}

/** What the API's client throws; the signal's reason is one too. */
export function asFault(error: unknown): CollectorError {
  if (error instanceof CollectorError) return error;
  throw error;
}
