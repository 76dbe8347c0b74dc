import type { CollectorError, ErrorCode } from '../errors.ts';
import { remedies } from '../remedies.ts';
import type { GateKind } from '../resilience/gates.ts';
import type { LagFields } from './lag.ts';
import type { Origin } from './origin.ts';

/** A failure as an event tells it. */
export function aboutFault({ code, message, remedy, externalCode }: CollectorError): Fault {
  return { code, message, remedy, externalCode };
}

/** A fault that nobody threw, as an event tells it. */
export function faultOf(code: ErrorCode, message: string): Fault {
  return { code, message, remedy: remedies[code] };
}

/** Which tenant and content type an event is about; a `contentId` for events about one content. */
interface Scope {
  readonly tenantId: string;
  readonly tenant: string;
  readonly contentType: string;
}

/** What every event of a fault carries. */
export interface Fault {
  /** Of docs/errors.md. */
  readonly code: ErrorCode;
  /** What happened and what the product does about it. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** The service's own code, such as `AF20023` or `AADSTS7000222`. */
  readonly externalCode?: string | undefined;
}

interface AboutJob {
  readonly jobId: string;
  readonly kind: 'backfill' | 'replay';
  readonly tenantId: string;
  readonly tenant: string;
}

/** Contents that a job came across, opened, and left as they were. */
interface JobCounts {
  readonly found: number;
  readonly done: number;
  readonly skipped: number;
}

/** Every event the product logs, one JSON line each, with where it comes from; the closed list of docs/telemetry.md. */
export type LogEvent = ToldEvent & Origin;

/** What every event can carry beside its own fields. */
export type EventOrigin = Origin;

type ToldEvent =
  | ({ readonly event: 'subscription.started' } & Scope)
  | ({ readonly event: 'subscription.failed' } & Scope & Fault)
  | ({
      readonly event: 'listing.completed';
      readonly runId: string;
      readonly pass: string;
      readonly from: string;
      readonly to: string;
      readonly pages: number;
      readonly contents: number;
      readonly added: number;
      /** Of those added, how many a listing should have shown before, and the longest time one was hidden. */
      readonly late: number;
      readonly maxLatenessSeconds: number;
    } & Scope)
  | ({
      readonly event: 'listing.failed';
      readonly runId: string;
      readonly tenantId: string;
      readonly tenant: string;
      /** Missing when the tenant's subscriptions could not be seen to. */
      readonly contentType: string | undefined;
    } & Fault)
  | ({
      readonly event: 'listing.interval_lost';
      readonly from: string;
      readonly to: string;
    } & Scope &
      Fault)
  | ({ readonly event: 'listing.item_invalid' } & Scope & Fault)
  | {
      readonly event: 'dispatch.completed';
      readonly runId: string;
      readonly sent: number;
      readonly queued: number;
      readonly waiting: boolean;
    }
  | ({
      readonly event: 'forwarding.sums';
      readonly seconds: number;
      readonly contents: number;
      readonly records: number;
      /** Of these, what was sent once more by order. */
      readonly replayedContents: number;
      readonly replayedRecords: number;
      readonly bytes: number;
      readonly batches: number;
      readonly possiblyDoubledBatches: number;
    } & LagFields &
      Scope)
  | ({
      readonly event: 'content.settled';
      readonly contentId: string;
      readonly state: string;
    } & Scope &
      Fault)
  | ({
      readonly event: 'content.postponed';
      readonly contentId: string;
      readonly attempts: number;
      readonly due: string;
    } & Scope &
      Fault)
  | ({
      readonly event: 'pause.began';
      readonly gate: GateKind;
      readonly tenantId: string;
      readonly contentType?: string;
      /** When the pause began; a gate that closes again soon goes on with the one before. */
      readonly since: string;
      /** When the first probe goes. */
      readonly until: string;
    } & Fault)
  | {
      readonly event: 'pause.ended';
      readonly gate: GateKind;
      readonly tenantId: string;
      readonly contentType?: string;
      readonly since: string;
      readonly seconds: number;
      readonly probes: number;
    }
  | ({ readonly event: 'record.refused'; readonly contentId: string; readonly record: number } & Scope & Fault)
  | ({
      readonly event: 'hour.unbalanced';
      readonly hour: string;
      readonly listed: number;
      readonly forwarded: number;
      readonly gone: number;
      readonly expired: number;
    } & Scope &
      Fault)
  | {
      readonly event: 'reconcile.completed';
      readonly runId: string;
      readonly expired: number;
      readonly reopened: number;
      readonly late: number;
      readonly sealed: number;
      readonly unbalanced: number;
      readonly removed: number;
      /** Tenants and types that the next run begins with. */
      readonly waiting: number;
    }
  /** What of a type is not settled, each time the reconciling timer runs and anything is. */
  | ({
      readonly event: 'backlog.counted';
      readonly open: number;
      readonly quarantined: number;
      /** There are more of them than were counted. */
      readonly more: boolean;
      /** Since contentCreated of the oldest open one. */
      readonly oldestOpenSeconds?: number;
      /** Until the first open or quarantined one expires; negative when it has. */
      readonly soonestExpirySeconds?: number;
    } & Scope)
  /** Nothing was listed for longer than the type's own rhythm explains. */
  | ({
      readonly event: 'listing.silent';
      readonly since: string;
      readonly hours: number;
      readonly expectedContents: number;
    } & Scope &
      Fault)
  /** A pause of ten minutes or more, each time the reconciling timer runs. */
  | ({
      readonly event: 'pause.lasting';
      readonly gate: GateKind;
      readonly tenantId: string;
      readonly tenant: string;
      readonly contentType?: string;
      readonly since: string;
      readonly seconds: number;
    } & Fault)
  | ({
      readonly event: 'credential.expiring';
      readonly tenantId: string;
      readonly tenant: string;
      readonly expires: string;
      /** Whole days; negative when it has expired. */
      readonly daysLeft: number;
    } & Fault)
  /** The host gave a message up after five crashes: its content is opened again. */
  | ({ readonly event: 'message.given_up'; readonly contentId: string } & Scope & Fault)
  /** An order of an administrator: it begins; what one run has done of it; what all have. */
  | ({
      readonly event: 'job.started';
      readonly contentTypes: string;
      readonly from: string;
      readonly to: string;
    } & AboutJob)
  | ({ readonly event: 'job.advanced'; readonly note: string } & AboutJob & JobCounts)
  | ({ readonly event: 'job.completed'; readonly state: string } & AboutJob & JobCounts)
  | ({ readonly event: 'message.rejected'; readonly body: string } & Fault)
  /** What is wrong with one tenant's settings: it is left out, the others go on. */
  | ({
      readonly event: 'tenant.left_out';
      /** Where it stands in the settings, such as `TENANTS item 2`. */
      readonly where: string;
      readonly tenantId: string | undefined;
      readonly tenant: string | undefined;
    } & Fault)
  /** An execution ended because of storage; the host tries again. */
  | ({ readonly event: 'run.failed'; readonly runId: string } & Fault);

export type LogLevel = 'information' | 'warning' | 'error';

/** Writes one event; never throws. */
export type Log = (level: LogLevel, event: LogEvent) => void;
