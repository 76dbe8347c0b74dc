import type { ErrorCode } from '../errors.ts';
import type { LeftOut } from '../settings/settings.ts';

/** Of more tenants at a time there is an overview alone: their hours would be megabytes. */
export const mostDetailed = 8;

/** From the best to the worst. */
export const stateWords = ['ok', 'quiet', 'behind', 'paused', 'broken'] as const;
/**
 * How a tenant or content type is, in one word.
 *
 * - `ok`: what is listed arrives. `quiet`: the same, but nothing was created for a day.
 * - `behind`: contents wait for longer than they should, or some are set aside.
 * - `paused`: work waits for a service that is down or throttles, or somebody has paused it. `broken`: somebody has to act.
 */
export type StateWord = (typeof stateWords)[number];

/** What became of an hour of contentCreated. */
export const hourStates = [
  'none',
  'complete',
  'running',
  'waiting',
  'quarantined',
  'expired',
  'unbalanced',
  'lost',
] as const;
/**
 * - `none`: nothing was listed, or the hour is not collected. `complete`: all that was listed is settled, and the sums balance.
 * - `running`: not over, or not judged yet. `waiting`: it is over, and has open contents. `quarantined`: has such that are set aside.
 * - `expired`: contents ran out of time before they were forwarded. `unbalanced`: the sums do not balance. `lost`: never listed.
 */
export type HourState = (typeof hourStates)[number];

/** One hour of contentCreated, of one content type. Numbers of contents, but for records and bytes. */
export interface HourStatus {
  /** UTC, as `2026-11-22T15`. */
  readonly hour: string;
  readonly state: HourState;
  readonly listed: number;
  readonly open: number;
  readonly quarantined: number;
  /** Of hours that are judged; null before. */
  readonly forwarded: number | null;
  readonly gone: number | null;
  readonly expired: number | null;
  readonly records: number | null;
  readonly bytes: number | null;
  /** From contentCreated to acceptance. */
  readonly lagMeanSeconds: number | null;
  readonly lagMaxSeconds: number | null;
}

/** What is in the way of some work. */
export interface PauseStatus {
  /** What waits: `tenant`, `listing`, `type`, `download`, `destination`, or by whose hand. */
  readonly gate: string;
  /** ISO 8601, UTC; so are all times below. */
  readonly since: string;
  /** When the next probe goes. */
  readonly until: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

/** One content type of a tenant. */
export interface TypeStatus {
  readonly contentType: string;
  readonly state: StateWord;
  /** One sentence, for anybody. */
  readonly sentence: string;
  /** What to do, where something is to be done. */
  readonly remedy?: string;
  readonly code?: ErrorCode;
  readonly subscription: { readonly status: string; readonly startedAt: string | null };
  /** Everything created before this has been listed at least once. */
  readonly listedUntil: string | null;
  readonly open: PendingSums;
  readonly quarantined: PendingSums;
  readonly pauses: readonly PauseStatus[];
  /** Of the last 7 days. `settled` are those of hours that are not judged yet: forwarded, or no longer to be had; at least. */
  readonly sums: {
    readonly listed: number;
    readonly forwarded: number;
    readonly gone: number;
    readonly expired: number;
    readonly settled: number;
    readonly records: number;
    readonly bytes: number;
    readonly possiblyDoubled: number;
  };
  /** How many contents of the last 7 days became listable late, by the longest time they can have been hidden. */
  readonly late: {
    readonly upTo10Minutes: number;
    readonly upTo1Hour: number;
    readonly upTo6Hours: number;
    readonly upTo24Hours: number;
    readonly longer: number;
  };
  /** Intervals of contentCreated that were never listed. */
  readonly lost: readonly { readonly from: string; readonly to: string }[];
  /** The last 168, oldest first; none where more than `mostDetailed` tenants are asked for at a time. */
  readonly hours: readonly HourStatus[];
}

/** Contents that are not settled for good. */
export interface PendingSums {
  /** How many; at least so many where `more` is true. */
  readonly contents: number;
  readonly more: boolean;
  /** Since when the oldest is known, and contentCreated of it. */
  readonly oldestListed: string | null;
  readonly oldestCreated: string | null;
  /** When the first of them can no longer be downloaded. */
  readonly firstExpires: string | null;
  /** How many by the code of their last failure, without those that have not failed. */
  readonly codes: Readonly<Record<string, number>>;
}

export interface TenantStatus {
  readonly tenant: string;
  readonly tenantId: string;
  /** The worst of its content types. */
  readonly state: StateWord;
  /** Kind and host of its destination. */
  readonly destination: string;
  readonly types: readonly TypeStatus[];
}

/** The whole collector; a stable schema: what is added later does not change what is here. */
export interface Status {
  readonly schema: 1;
  readonly generatedAt: string;
  /** The worst of the tenants; `broken` when one is left out. */
  readonly state: StateWord;
  readonly tenants: readonly TenantStatus[];
  /** Tenants whose settings are wrong: nothing of them is collected. */
  readonly leftOut: readonly LeftOut[];
}

/** The worst of some states. What is quiet beside something that is ok is no news: quiet are only those that all are. */
export function worstOf(states: readonly StateWord[]): StateWord {
  const worst = stateWords[Math.max(0, ...states.map((state) => stateWords.indexOf(state)))] ?? 'ok';
  return worst === 'quiet' && states.includes('ok') ? 'ok' : worst;
}
