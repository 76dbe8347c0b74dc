import fc from 'fast-check';
import type { Mishap, Service } from './boundaries.ts';

/** Faults of a service that answers, each of them for some requests. */
export const apiFaults = [
  'throttled',
  'throttled-with-wait',
  'server-error',
  'reset',
  'cut',
  'truncated',
  'content-missing',
  'dead-page-token',
  'stale-token',
  'error-with-200',
  'twice-in-listing',
] as const;
export const intakeFaults = [
  'throttled',
  'unavailable',
  'reset',
  'answer-lost',
  'ids-missing',
  'accepted-202',
] as const;

/** One content to publish. */
export interface NewContent {
  readonly type: 0 | 1;
  /** `large` ones take several batches. */
  readonly size: 'empty' | 'small' | 'large';
  readonly ageMinutes: number;
  /** How long it is hidden from now on. */
  readonly lateMinutes: number;
}

/** One thing that happens in the modelled world; plain data, so that a sequence can be shown and shortened. */
export type Step =
  | { readonly do: 'publish'; readonly contents: readonly NewContent[] }
  | {
      readonly do: 'work';
      readonly instance: 0 | 1;
      /** The other instance works too: it reconciles, and takes every second message. */
      readonly both: boolean;
      /** Runs the listing timer, unless it runs. */
      readonly list: boolean;
      /** Runs the reconciling timer, unless it runs. */
      readonly reconcile: boolean;
      /** Messages to receive and work on. */
      readonly forward: number;
      /** Their deletion afterwards is lost. */
      readonly forgetful: boolean;
      readonly mishap: Mishap | undefined;
    }
  | { readonly do: 'thaw'; readonly instance: 0 | 1; readonly deadline: boolean }
  | { readonly do: 'restart'; readonly instance: 0 | 1 }
  | { readonly do: 'lose'; readonly messages: number }
  | { readonly do: 'double'; readonly messages: number }
  | {
      readonly do: 'api-fault';
      readonly fault: (typeof apiFaults)[number];
      readonly skip: number;
      readonly times: number;
    }
  | {
      readonly do: 'intake-fault';
      readonly fault: (typeof intakeFaults)[number];
      readonly skip: number;
      readonly times: number;
    }
  | { readonly do: 'outage'; readonly of: 'api' | 'intake'; readonly minutes: number }
  /** An administrator disables a subscription. */
  | { readonly do: 'disable'; readonly type: 0 | 1 }
  /** The SIEM takes no larger requests. */
  | { readonly do: 'limit'; readonly bytes: number }
  | { readonly do: 'wait'; readonly minutes: number };

const instance = fc.constantFrom(0, 1);
const content: fc.Arbitrary<NewContent> = fc.record({
  type: fc.constantFrom(0, 1),
  size: fc.oneof(
    { weight: 6, arbitrary: fc.constant('small' as const) },
    { weight: 3, arbitrary: fc.constant('large' as const) },
    { weight: 1, arbitrary: fc.constant('empty' as const) },
  ),
  ageMinutes: fc.oneof({ weight: 4, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(90) }),
  lateMinutes: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.nat(40) },
    { weight: 1, arbitrary: fc.nat(20 * 60) },
  ),
});

const anyService: fc.Arbitrary<Service | undefined> = fc.constantFrom(undefined, 'table', 'queue', 'api', 'intake');
const storageService: fc.Arbitrary<Service | undefined> = fc.constantFrom(undefined, 'table', 'queue');
const skip = fc.oneof(fc.nat(3), fc.nat(8), fc.nat(25));
const silence: fc.Arbitrary<Mishap> = fc.record({
  what: fc.constant('silence' as const),
  service: fc.constant('table' as const),
  applied: fc.boolean(),
  skip,
  times: fc.constant(1),
});
const befalling: fc.Arbitrary<Mishap> = fc.oneof(
  // Around a request to the SIEM is where a batch can be doubled.
  fc.record({
    what: fc.constantFrom('crash', 'freeze'),
    service: fc.constant('intake' as const),
    applied: fc.constantFrom(true, true, false),
    skip: fc.nat(5),
    times: fc.constant(1),
  }),
  fc.record({
    what: fc.constantFrom('crash', 'freeze'),
    service: anyService,
    applied: fc.boolean(),
    skip,
    times: fc.constant(1),
  }),
  fc.record({
    what: fc.constantFrom('fail', 'busy', 'reset'),
    service: storageService,
    applied: fc.boolean(),
    skip,
    times: fc.oneof(fc.constant(1), fc.constant(1), fc.integer({ min: 2, max: 12 })),
  }),
);

/** Silence is waited out in real time, so there is little of it. */
const mishap = fc.oneof({ weight: 20, arbitrary: befalling }, { weight: 1, arbitrary: silence });

/** Any step, as often as it is of interest. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('publish'), contents: fc.array(content, { minLength: 1, maxLength: 8 }) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('work'),
      instance,
      both: fc.boolean(),
      list: fc.constantFrom(true, true, false),
      reconcile: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      forward: fc.oneof(fc.constant(1), fc.nat(4), fc.constant(8)),
      forgetful: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      mishap: fc.option(mishap, { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('thaw'), instance, deadline: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart'), instance }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose'), messages: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('double'), messages: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('api-fault'),
      fault: fc.constantFrom(...apiFaults),
      skip: fc.nat(6),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('intake-fault'),
      fault: fc.constantFrom(...intakeFaults),
      skip: fc.nat(4),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('outage'),
      of: fc.constantFrom('api', 'intake'),
      minutes: fc.integer({ min: 1, max: 180 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disable'), type: fc.constantFrom(0, 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('limit'), bytes: fc.constantFrom(250_000, 400_000, 600_000) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait'),
      minutes: fc.oneof(fc.constant(1), fc.nat(12), fc.nat(30), fc.nat(400)),
    }),
  },
);
