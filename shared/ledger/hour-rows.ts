import type { TableEntityResult } from '@azure/data-tables';
import { type Lateness, readLateness } from './lateness.ts';
import { iso } from './open-content.ts';

/** What became of the contents of an hour. */
export interface HourSums {
  readonly forwarded: number;
  readonly gone: number;
  readonly expired: number;
  /** Accepted by the destination. */
  readonly records: number;
  /** Records that the destination refused for good, of contents that were forwarded all the same. */
  readonly refused: number;
  readonly bytes: number;
  readonly possiblyDoubled: number;
}

/** Nothing became of anything. */
export const noSums: HourSums = {
  forwarded: 0,
  gone: 0,
  expired: 0,
  records: 0,
  refused: 0,
  bytes: 0,
  possiblyDoubled: 0,
};

/** How many contents there are that need no further work. */
export function settledOf({ forwarded, gone, expired }: HourSums): number {
  return forwarded + gone + expired;
}

/** From contentCreated to acceptance, of the contents of an hour that were forwarded, not by a replay; seconds. */
export interface HourLag {
  readonly meanSeconds: number;
  readonly maxSeconds: number;
}

/** A listing of a finished hour that found nothing unknown. */
export interface Comparison {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How many contents it showed; fewer than are known when some have expired since. */
  readonly contents: number;
}

/** An hour of contentCreated as its row has it; times in milliseconds since 1970. */
export interface Hour {
  /** UTC, as `2026-11-22T15`. */
  readonly hour: string;
  /** Contents counted when they were listed. */
  readonly listed: number;
  /** Holds for as long as `listed` is the number that was sealed. */
  readonly seal?: { readonly at: number; readonly listed: number; readonly sums: HourSums };
  readonly comparison?: Comparison;
  readonly late: Lateness;
  /** From contentCreated to acceptance, of what was forwarded when the hour was sealed. */
  readonly lag?: HourLag;
  /** The last imbalance that was told. */
  readonly imbalance?: { readonly at: number; readonly listed: number; readonly settled: number };
  /** Its rows are being deleted: they say nothing any more. */
  readonly removing: boolean;
  /** Condition of the next write; undefined while there is no row. */
  readonly etag?: string;
}

/**
 * Properties of an hour's row. `listed` is written by whoever lists, merged into the row; an hour is sealed only while
 * `sealedListed` is equal to it, so a content that is listed late takes the seal off without knowing of it.
 */
export interface HourRow {
  listed?: number;
  sealed?: string;
  sealedListed?: number;
  forwarded?: number;
  gone?: number;
  expired?: number;
  records?: number;
  refused?: number;
  /** Text: it can pass 2^31. */
  bytes?: string;
  possiblyDoubled?: number;
  lagMeanSeconds?: number;
  lagMaxSeconds?: number;
  /** Counts, parted by commas. */
  late?: string;
  compared?: string;
  comparedContents?: number;
  unbalanced?: string;
  unbalancedListed?: number;
  unbalancedSettled?: number;
  removing?: string;
  /** When a content of it was opened again last: it changes the row's ETag. */
  reopened?: string;
  /** Who did, when it was by order. */
  reopenedBy?: string;
}

/** An hour as its row has it. */
export function readHourRow(row: TableEntityResult<HourRow>): Hour {
  const { sealed, compared, unbalanced, lagMeanSeconds, lagMaxSeconds } = row;
  const sums = {
    forwarded: row.forwarded ?? 0,
    gone: row.gone ?? 0,
    expired: row.expired ?? 0,
    records: row.records ?? 0,
    refused: row.refused ?? 0,
    bytes: Number(row.bytes ?? 0),
    possiblyDoubled: row.possiblyDoubled ?? 0,
  };
  return {
    hour: (row.rowKey ?? '').slice(2),
    listed: row.listed ?? 0,
    ...(sealed && { seal: { at: Date.parse(sealed), listed: row.sealedListed ?? 0, sums } }),
    ...(compared && { comparison: { at: Date.parse(compared), contents: row.comparedContents ?? 0 } }),
    late: readLateness(row.late),
    ...(lagMeanSeconds !== undefined &&
      lagMaxSeconds !== undefined && { lag: { meanSeconds: lagMeanSeconds, maxSeconds: lagMaxSeconds } }),
    ...(unbalanced && {
      imbalance: {
        at: Date.parse(unbalanced),
        listed: row.unbalancedListed ?? 0,
        settled: row.unbalancedSettled ?? 0,
      },
    }),
    removing: row.removing !== undefined,
    etag: row.etag,
  };
}

/** The columns that seal an hour at its present count. */
export function sealColumns(listed: number, sums: HourSums, lag: HourLag | undefined, now: number): HourRow {
  return {
    sealed: iso(now),
    sealedListed: listed,
    ...sums,
    bytes: String(sums.bytes),
    ...(lag && { lagMeanSeconds: lag.meanSeconds, lagMaxSeconds: lag.maxSeconds }),
  };
}

/** The columns of a fresh listing; none when there was none. */
export function comparisonColumns(comparison: Comparison | undefined): HourRow {
  return comparison ? { compared: iso(comparison.at), comparedContents: comparison.contents } : {};
}
