import type { ListingPair, ListingRound } from './listing.ts';
import { median } from './median.ts';
import { number, table } from './table.ts';

/** The collector's listing beside bare requests to storage, and what share of their speed it reaches. */
export function listingTable(pairs: readonly ListingPair[]): string {
  const row = (name: string, round: (pair: ListingPair) => ListingRound) => {
    const of = (value: (round: ListingRound) => number) => number(median(pairs.map((pair) => value(round(pair)))));
    return [
      name,
      of(({ ledgeredSeconds }) => ledgeredSeconds),
      of(({ enqueuedSeconds }) => enqueuedSeconds),
      of(seconds),
      of(({ cpuSeconds }) => cpuSeconds),
      of(({ counts }) => counts.table),
      of(({ counts }) => counts.entities),
      of(({ counts }) => counts.sends),
    ];
  };
  const share = (value: (round: ListingRound) => number) =>
    number(median(pairs.map(({ collector, bare }) => value(bare) / value(collector))));
  const rows = [
    row('collector', ({ collector }) => collector),
    row('bare requests', ({ bare }) => bare),
    ['speed reached', '', '', share(seconds), share(({ cpuSeconds }) => cpuSeconds)],
  ];
  return table(
    [
      '',
      's until ledgered',
      's until enqueued',
      's in all',
      'CPU s',
      'table operations',
      'rows in transactions',
      'sends',
    ],
    rows,
  );
}

function seconds({ ledgeredSeconds, enqueuedSeconds }: ListingRound): number {
  return Math.max(ledgeredSeconds, enqueuedSeconds);
}
