import type { Faults } from './faults.ts';
import { startService, type Watch } from './http-service.ts';
import { contentAddress } from './listing.ts';
import { answerRequest, observeRequest, officeOperations } from './management-api.ts';
import type { OfficeKnobs, OfficeState } from './office-state.ts';
import { createPageTokens } from './page-tokens.ts';
import type { PublishedContent } from './published-content.ts';
import { createRandom, mixSeeds } from './random.ts';
import type { RequestCounts } from './request-counts.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import type { TokenStore } from './token-store.ts';
import { createViolations } from './violations.ts';

/** The Office 365 Management Activity API of all tenants. */
export interface Office extends OfficeKnobs {
  readonly origin: string;
  readonly requests: RequestCounts;
  readonly faults: Faults;
  /** Everything a client did that a well-behaved one does not do; empty is what to expect. */
  readonly violations: string[];
  /** No next page token given so far is accepted any more: AF20031. */
  killPageTokens(): void;
  contentUri(content: PublishedContent): string;
  close(): Promise<void>;
}

/** What the Management API needs of the world. */
export interface OfficeOptions {
  readonly seed: number;
  readonly tenants: readonly SimulatedTenant[];
  readonly tokens: TokenStore;
  readonly latencyMs: number;
  readonly watch?: Watch | undefined;
  now(): number;
}

/** Starts the Management API on a free port. */
export async function startOffice({ seed, tenants, tokens, latencyMs, watch, now }: OfficeOptions): Promise<Office> {
  const knobs: OfficeKnobs = {
    pageSize: 100,
    clockOffsetMs: 0,
    latencyMs,
    pageTokenLifetimeMs: 3_600_000,
    newSubscriptionSilenceMs: 0,
    omitStatus: false,
  };
  const { list: violations, violate } = createViolations();
  const serverNow = (): number => now() + knobs.clockOffsetMs;
  const pageTokens = createPageTokens(serverNow);
  const state: OfficeState = {
    seed,
    knobs,
    tenants,
    tokens,
    pageTokens,
    listings: 0,
    serverNow,
    origin: () => service.origin,
    violate,
  };
  const service = await startService(
    {
      operations: officeOperations,
      now: serverNow,
      latencyMs: () => knobs.latencyMs,
      maxBodyBytes: 1_048_576,
      watch,
      observe: (request) => observeRequest(state, request),
      answer: (request, subject) => answerRequest(state, request, subject),
      failed: violate,
    },
    now,
    createRandom(mixSeeds(seed, 2)),
  );
  return Object.assign(knobs, {
    origin: service.origin,
    requests: service.requests,
    faults: service.faults,
    violations,
    killPageTokens: pageTokens.killAll,
    contentUri: (content: PublishedContent) => contentAddress(state, content),
    close: service.close,
  });
}
