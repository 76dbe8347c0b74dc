import type { ContentType } from './content-types.ts';

/** Where a subscription pushes notifications to. */
export interface Webhook {
  readonly status: 'enabled' | 'disabled' | 'expired';
  readonly address: string;
  readonly authId: string | null;
  readonly expiration: string | null;
}

/** A tenant's subscription to one content type. */
export interface Subscription {
  readonly contentType: ContentType;
  status: 'enabled' | 'disabled';
  webhook: Webhook | null;
  /** When it was last started. */
  startedAt: number;
}

/** The subscriptions of one tenant; none to begin with. */
export interface Subscriptions {
  readonly all: readonly Subscription[];
  get(contentType: ContentType): Subscription | undefined;
  /** Puts a subscription there without any request, as if it had always been so. */
  preset(contentType: ContentType, state?: Partial<Omit<Subscription, 'contentType'>>): Subscription;
  /** As an administrator does it; the next start enables it again. */
  disable(contentType: ContentType): void;
  /** As if nobody had ever subscribed. */
  remove(contentType: ContentType): void;
  /** What a request to start does: it enables, and removes the webhook. */
  start(contentType: ContentType, at: number): StartOutcome;
}

/** What a start met and did. */
export interface StartOutcome {
  readonly subscription: Subscription;
  /** It was enabled and nothing changed. */
  readonly unchanged: boolean;
  /** It was enabled and lost somebody's webhook. */
  readonly removedWebhook: boolean;
  /** Milliseconds since the last start by request, or undefined at the first. */
  readonly sinceLastStartMs: number | undefined;
}

/** A webhook that somebody else has set. */
export function foreignWebhook(address = 'https://somebody-else.example/hook'): Webhook {
  return { status: 'enabled', address, authId: 'o365activityapinotification', expiration: null };
}

/** No subscription to anything yet. */
export function createSubscriptions(): Subscriptions {
  const byType = new Map<ContentType, Subscription>();
  const lastStarts = new Map<ContentType, number>();
  const subscriptions: Subscriptions = {
    get all() {
      return [...byType.values()];
    },
    get: (contentType) => byType.get(contentType),
    preset(contentType, state = {}) {
      const subscription: Subscription = { contentType, status: 'enabled', webhook: null, startedAt: 0, ...state };
      byType.set(contentType, subscription);
      return subscription;
    },
    disable(contentType) {
      const subscription = byType.get(contentType) ?? subscriptions.preset(contentType);
      subscription.status = 'disabled';
    },
    remove(contentType) {
      byType.delete(contentType);
    },
    start(contentType, at) {
      const last = lastStarts.get(contentType);
      lastStarts.set(contentType, at);
      const known = byType.get(contentType);
      const enabled = known?.status === 'enabled';
      const removedWebhook = enabled && known.webhook !== null;
      const unchanged = enabled && !removedWebhook;
      const subscription = known ?? subscriptions.preset(contentType, { startedAt: at });
      if (!unchanged) Object.assign(subscription, { status: 'enabled', webhook: null, startedAt: at });
      return {
        subscription,
        unchanged,
        removedWebhook,
        sinceLastStartMs: last === undefined ? undefined : at - last,
      };
    },
  };
  return subscriptions;
}
