import type { PageTokens } from './page-tokens.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import type { TokenStore } from './token-store.ts';

/** What can be turned at the Management API while it runs. */
export interface OfficeKnobs {
  /** Entries a page; default 100. */
  pageSize: number;
  /** How far the server's clock is ahead of the world's, in milliseconds; everything the server does goes by it. */
  clockOffsetMs: number;
  /** Real milliseconds that every request takes at least. */
  latencyMs: number;
  /** How long a next page token is accepted, in milliseconds; default one hour. */
  pageTokenLifetimeMs: number;
  /** How long a subscription lists nothing after its start, in milliseconds; default 0. */
  newSubscriptionSilenceMs: number;
  /** The list of subscriptions comes without `status`. */
  omitStatus: boolean;
}

/** What the parts of the Management API share. */
export interface OfficeState {
  readonly seed: number;
  readonly knobs: OfficeKnobs;
  readonly tenants: readonly SimulatedTenant[];
  readonly tokens: TokenStore;
  readonly pageTokens: PageTokens;
  /** Listings begun so far. */
  listings: number;
  serverNow(): number;
  origin(): string;
  /** Notes something that a well-behaved client does not do. */
  violate(what: string): void;
}
