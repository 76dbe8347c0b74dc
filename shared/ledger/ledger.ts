import type { TableClient } from '@azure/data-tables';
import { type Backlog, createBacklog } from './backlog.ts';
import { type Claims, createClaims } from './claims.ts';
import { createHours, type Hours } from './hours.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createListedContents, type ListedContents } from './listed.ts';
import { createProgressRows, type ProgressRows } from './progress-rows.ts';
import { createReplays, type Replays } from './replays.ts';
import { createScopeViewer, type ScopeViewer } from './scope-view.ts';
import { createSettledContents, type SettledContents } from './settled-contents.ts';
import { createUnsettledCounter, type UnsettledCounter } from './unsettled.ts';

/**
 * The truth about every content: one table, one partition per tenant and content type. The queue only carries work that
 * can go ahead now; a message may be lost, doubled or reordered, and nothing is lost or doubled because of it.
 */
export interface Ledger
  extends ListedContents,
    Backlog,
    Claims,
    ProgressRows,
    SettledContents,
    UnsettledCounter,
    Hours,
    ScopeViewer,
    Replays,
    Jobs {}

/** The ledger in a table that exists. `now` is the wall clock in milliseconds since 1970. */
export function createLedger(table: TableClient, now: () => number): Ledger {
  return {
    ...createListedContents(table, now),
    ...createBacklog(table, now),
    ...createClaims(table, now),
    ...createProgressRows(table),
    ...createSettledContents(table, now),
    ...createUnsettledCounter(table),
    ...createHours(table, now),
    ...createScopeViewer(table),
    ...createReplays(table, now),
    ...createJobs(table, now),
  };
}
