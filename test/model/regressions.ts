import type { Step } from './steps.ts';

const work = {
  do: 'work',
  instance: 0,
  both: false,
  list: false,
  reconcile: false,
  forward: 0,
  forgetful: false,
  mishap: undefined,
} as const satisfies Step;

/** A content that fails nine times by its body, and then once is not found: that is no proof that it is gone. */
function notFoundOnce(): Step[] {
  const failure: readonly Step[] = [
    { ...work, list: true },
    { do: 'api-fault', fault: 'truncated', skip: 0, times: 1 },
    { ...work, forward: 1 },
    { do: 'wait', minutes: 400 },
  ];
  return [
    { do: 'publish', contents: [{ type: 0, size: 'small', ageMinutes: 1, lateMinutes: 0 }] },
    ...Array.from({ length: 9 }, () => failure).flat(),
    { ...work, list: true },
    { do: 'api-fault', fault: 'content-missing', skip: 0, times: 1 },
    { ...work, forward: 1 },
  ];
}

/** A listing stops before it starts a subscription that is missing; another one starts it meanwhile. */
function startedMeanwhile(skip: number): Step[] {
  const mishap = { what: 'freeze', service: 'table', applied: true, skip, times: 1 } as const;
  return [
    { ...work, list: true, mishap },
    { ...work, instance: 1, list: true },
    { do: 'wait', minutes: 5 },
    { do: 'thaw', instance: 0, deadline: false },
  ];
}

/** The request that starts a subscription is late: the time until the next one counts from it. */
const startedLate: Step[] = [
  { ...work, list: true, mishap: { what: 'freeze', service: 'api', applied: false, skip: 1, times: 1 } },
  { do: 'wait', minutes: 5 },
  { do: 'thaw', instance: 0, deadline: false },
  { do: 'disable', type: 0 },
  { do: 'disable', type: 1 },
  { do: 'wait', minutes: 11 },
  { ...work, list: true },
];

/** Sequences that once ended badly; they are tried before any other. */
export const regressions: readonly Step[][] = [
  notFoundOnce(),
  ...Array.from({ length: 6 }, (_, skip) => startedMeanwhile(skip)),
  startedLate,
];
