import type { LedgerCounts } from './ledger-view.ts';

/** A look at the ledger at a time in milliseconds. */
export interface Look {
  readonly at: number;
  readonly counts: LedgerCounts;
}

/** One line that says how the run goes, from two looks at the ledger. */
export function statusLine(before: Look, now: Look): string {
  const seconds = Math.max((now.at - before.at) / 1000, 0.001);
  const { listed, forwarded, open, others, records, bytes, lagMs } = now.counts;
  const rate = (records - before.counts.records) / seconds;
  const megabytes = (bytes - before.counts.bytes) / seconds / 1e6;
  const parts = [
    `listed ${listed}`,
    `forwarded ${forwarded}`,
    `open ${open}`,
    ...(others > 0 ? [`set aside ${others}`] : []),
    `${rate.toFixed(0)} records/s`,
    `${megabytes.toFixed(1)} MB/s`,
    lagMs > 0 ? `lag ${formatDuration(lagMs)}` : 'lag -',
  ];
  return parts.join(' | ');
}

/** As `4.2 s`, `3 min` or `5.1 h`. */
export function formatDuration(ms: number): string {
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}
