import type { Siem } from '../simulator/siem.ts';

/** How many records the SIEM accepted in each ten seconds since this began to count. */
export interface ArrivalRate {
  perTenSeconds(): readonly number[];
}

const spanMs = 10_000;

export function createArrivalRate(siem: Siem): ArrivalRate {
  const began = performance.now();
  const spans: number[] = [];
  siem.onBatch(({ records }) => {
    const span = Math.floor((performance.now() - began) / spanMs);
    while (spans.length <= span) spans.push(0);
    spans[span] = (spans[span] ?? 0) + records;
  });
  return { perTenSeconds: () => spans };
}
