import type { ErrorCode } from '../errors.ts';

/** Which tenant and content type an event is about; a `contentId` for events about one content. */
interface Scope {
  readonly tenantId: string;
  readonly tenant: string;
  readonly contentType: string;
}

/** What every event of a fault carries: the code of docs/errors.md, and what happened and what to do in one sentence or two. */
interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly externalCode?: string | undefined;
}

/** Every event the product logs, one JSON line each; the closed list of docs/telemetry.md. */
export type LogEvent =
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
    } & Scope)
  | ({ readonly event: 'listing.failed'; readonly runId: string } & Scope & Fault)
  | ({
      readonly event: 'listing.interval_lost';
      readonly from: string;
      readonly to: string;
      readonly message: string;
    } & Scope)
  | ({
      readonly event: 'listing.item_invalid';
      readonly message: string;
    } & Scope)
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
      readonly bytes: number;
      readonly batches: number;
      readonly possiblyDoubledBatches: number;
      /** Largest time from contentCreated to acceptance. */
      readonly maxLagSeconds: number;
    } & Scope)
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
  | ({ readonly event: 'message.rejected'; readonly body: string } & Fault);

export type LogLevel = 'information' | 'warning' | 'error';

/** Writes one event; never throws. */
export type Log = (level: LogLevel, event: LogEvent) => void;
