import { CollectorError } from '../errors.ts';
import type { ProgressRows, SubscriptionState } from '../ledger/progress-rows.ts';
import type { ManagementApi, Subscription } from '../management-api/management-api.ts';
import type { ContentType, TenantSettings } from '../settings/settings.ts';
import { aboutFault, faultOf } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';

/** At most one start per type in this time. Source: Management Activity API reference, "Start a subscription". */
const startIntervalMs = 15 * 60_000;

const noFault = { code: '', message: '', remedy: '' } as const;

/** Keeps the subscriptions of one tenant enabled; never stops one, and never touches one with somebody's webhook. */
export interface Subscriptions {
  /**
   * Sees to every configured content type and returns those that can be listed now.
   *
   * @throws CollectorError when the API does not tell which subscriptions there are.
   */
  ensure(run: Run): Promise<readonly ContentType[]>;
  /** Listing was told that there is no (enabled) subscription: it is started when the 15 minutes allow it. */
  reportMissing(contentType: ContentType): Promise<void>;
}

export function createSubscriptions(
  tenant: TenantSettings,
  api: ManagementApi,
  rows: ProgressRows,
  now: () => number,
): Subscriptions {
  const scopeOf = (contentType: ContentType) => ({ tenantId: tenant.tenantId, contentType });
  const about = (contentType: ContentType) => ({ ...scopeOf(contentType), tenant: tenant.name });

  async function ensureType(run: Run, contentType: ContentType, listed: readonly Subscription[]): Promise<boolean> {
    const state = await rows.readSubscription(scopeOf(contentType));
    const subscription = listed.find((each) => each.contentType.toLowerCase() === contentType.toLowerCase());
    const status = subscription?.status ?? 'missing';
    const startable = now() - state.lastStart >= startIntervalMs;
    if (status === 'enabled' || status === 'unknown') {
      // Listing contents was told otherwise: a start settles it, unless that took somebody's webhook away.
      if (state.code === 'subscription_missing' && startable && !subscription?.hasWebhook) {
        return await start(run, contentType, { ...state, status });
      }
      await remember(contentType, state, { ...state, status: 'enabled', ...noFault });
      return true;
    }
    if (subscription?.hasWebhook) {
      const message =
        `The subscription of ${contentType} in tenant ${tenant.name} is ${status} and has a webhook of another application, which a ` +
        'start would take away. It is left alone and nothing of this type is collected.';
      const { code, remedy } = faultOf('subscription_disabled', message);
      await remember(contentType, state, { ...state, status, code, message, remedy });
      if (state.message !== message)
        run.log('error', { event: 'subscription.failed', ...about(contentType), code, message, remedy });
      return false;
    }
    return startable && (await start(run, contentType, { ...state, status }));
  }

  async function start(run: Run, contentType: ContentType, before: SubscriptionState): Promise<boolean> {
    const scope = scopeOf(contentType);
    // Written first: neither a crash after the request nor a run beside this one may lead to a second one within the 15 minutes.
    const begun = await rows.writeSubscription(scope, { ...before, lastStart: now(), startedBy: run.id });
    if (!begun) return false;
    try {
      await api.startSubscription(contentType, run.signal);
      // The request may have been under way for long.
      await rows.writeSubscription(scope, { ...begun, lastStart: now(), status: 'enabled', ...noFault });
      run.log('information', { event: 'subscription.started', ...about(contentType) });
      return true;
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      const { code, message, remedy } = error;
      await rows.writeSubscription(scope, { ...begun, lastStart: now(), code, message, remedy });
      run.log('error', { event: 'subscription.failed', ...about(contentType), ...aboutFault(error) });
      return false;
    }
  }

  async function remember(
    contentType: ContentType,
    before: SubscriptionState,
    after: SubscriptionState,
  ): Promise<void> {
    if (before.status === after.status && before.code === after.code && before.message === after.message) return;
    await rows.writeSubscription(scopeOf(contentType), after);
  }

  return {
    async ensure(run) {
      const listed = await api.listSubscriptions(run.signal);
      const ready = await Promise.all(tenant.contentTypes.map((contentType) => ensureType(run, contentType, listed)));
      return tenant.contentTypes.filter((_, index) => ready[index]);
    },

    async reportMissing(contentType) {
      const state = await rows.readSubscription(scopeOf(contentType));
      await remember(contentType, state, { ...state, code: 'subscription_missing' });
    },
  };
}
