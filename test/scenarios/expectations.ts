import { expect } from 'vitest';
import type { AuditResult } from '../simulator/audit.ts';
import type { PublishedContent } from '../simulator/published-content.ts';
import type { LedgerStates } from './ledger-states.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** What a scenario may end with beside everything having arrived once; each is 0 or nothing by default. */
export interface Allowance {
  /** Copies of records, where an answer was lost on the wire. */
  readonly doubled?: number;
  /** Copies of records that somebody has ordered: exactly so many, beside those. */
  readonly replayed?: number;
  /** Records of contents that never become whole, such as what stands before the fault. */
  readonly unknown?: number;
  /** Contents that need not arrive. */
  readonly except?: readonly PublishedContent[];
  /** Contents settled as something else than forwarded, and those still open. */
  readonly states?: Partial<Pick<LedgerStates, 'gone' | 'expired' | 'quarantined' | 'open'>>;
}

/** What has arrived, all tenants together, and what the ledger says of it. */
export interface Account extends Pick<AuditResult, 'published' | 'arrived' | 'doubled'> {
  readonly ledger: LedgerStates;
}

/**
 * Nothing lost, nothing doubled: everything published has arrived, once but for what is allowed; the ledger's states add up to what
 * was listed, and that is all there is; every rule of the services was kept, no secret came to a host that it is not for, and no
 * stranger was called.
 */
export async function expectEverythingOnce(world: ScenarioWorld, allowance: Allowance = {}): Promise<Account> {
  const { doubled = 0, replayed = 0, unknown = 0, except = [], states = {} } = allowance;
  const { tenants, office, siem, login, identity, stranger, leaks } = world.simulator;
  const left = new Set(except);
  const sum = { published: 0, arrived: 0, missing: 0, doubled: 0, unknown: 0, examples: [] as string[] };
  for (const tenant of tenants) {
    const contents = tenant.contents.filter((content) => !left.has(content) && !tenant.lost.has(content.contentId));
    const audit = await world.audit(tenant, { contents });
    for (const name of ['published', 'arrived', 'missing', 'doubled', 'unknown'] as const) sum[name] += audit[name];
    sum.examples.push(...audit.examples);
  }
  expect(sum).toMatchObject({ missing: 0, examples: [], unknown });
  expect(sum.doubled).toBeGreaterThanOrEqual(replayed);
  expect(sum.doubled).toBeLessThanOrEqual(doubled + replayed);

  const listed = tenants.reduce((count, { contents }) => count + contents.length, 0);
  const { gone = 0, expired = 0, quarantined = 0, open = 0 } = states;
  const ledger = await world.states();
  const forwarded = listed - gone - expired - quarantined - open;
  expect(ledger).toMatchObject({ listed, forwarded, gone, expired, quarantined, open });
  if (sum.doubled > replayed) expect(ledger.possiblyDoubled).toBeGreaterThan(0);

  const violations = [office, siem, login, identity].flatMap((service) => service.violations);
  expect({ violations, leaks, strangers: stranger.requests }).toEqual({ violations: [], leaks: [], strangers: [] });
  const { published, arrived, doubled: twice } = sum;
  return { published, arrived, doubled: twice, ledger };
}
