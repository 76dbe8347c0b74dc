import type { Answer } from './answer.ts';
import type { Random } from './random.ts';

/** What a request is about, as far as its service can tell. */
export interface Subject {
  readonly operation: string;
  readonly tenantId?: string | undefined;
  readonly contentType?: string | undefined;
  readonly contentId?: string | undefined;
}

/** Which requests a rule is for; what is left out matches everything. */
export type FaultMatch = Subject | Partial<Subject> | ((subject: Subject) => boolean);

/**
 * Makes the answer of a faulty service. `real` does what the service would have done and may be left out,
 * called and changed, or called and thrown away.
 */
export type FaultAnswer = (real: () => Promise<Answer>, subject: Subject) => Answer | Promise<Answer>;

/** When a service misbehaves, and how. */
export interface FaultRule {
  readonly match?: FaultMatch;
  /** So many matching requests are let through first; default 0. */
  readonly skip?: number;
  /** The rule is used up after so many requests; default never. */
  readonly times?: number;
  /** The rule ends at this time of the simulated world, in milliseconds since 1970; default never. */
  readonly until?: number;
  /** Share of the matching requests, seeded; default 1. */
  readonly probability?: number;
  readonly answer: FaultAnswer;
}

/** A rule in force. */
export interface FaultHandle {
  /** Requests that met the fault so far. */
  readonly hits: number;
  remove(): void;
}

/** The misbehaviour of one service; of several rules that match, the oldest answers. */
export interface Faults {
  add(rule: FaultRule): FaultHandle;
  clear(): void;
  /** The answer to a request, faulty or real. */
  answer(subject: Subject, real: () => Promise<Answer>): Promise<Answer>;
}

interface ActiveRule {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

/** No faults yet. */
export function createFaults(now: () => number, random: Random): Faults {
  let active: ActiveRule[] = [];

  function hit(subject: Subject): FaultRule | undefined {
    if (active.length === 0) return undefined;
    const time = now();
    active = active.filter(({ rule, hits }) => hits < (rule.times ?? Infinity) && time < (rule.until ?? Infinity));
    for (const candidate of active) {
      const { rule } = candidate;
      if (!matches(rule.match, subject)) continue;
      candidate.seen += 1;
      if (candidate.seen <= (rule.skip ?? 0)) continue;
      if (rule.probability !== undefined && !random.chance(rule.probability)) continue;
      candidate.hits += 1;
      return rule;
    }
    return undefined;
  }

  return {
    add(rule) {
      const added: ActiveRule = { rule, seen: 0, hits: 0 };
      active.push(added);
      return {
        get hits() {
          return added.hits;
        },
        remove() {
          active = active.filter((other) => other !== added);
        },
      };
    },
    clear() {
      active = [];
    },
    async answer(subject, real) {
      const rule = hit(subject);
      return rule ? rule.answer(real, subject) : real();
    },
  };
}

function matches(match: FaultMatch | undefined, subject: Subject): boolean {
  if (match === undefined) return true;
  if (typeof match === 'function') return match(subject);
  return (
    (match.operation === undefined || match.operation === subject.operation) &&
    (match.tenantId === undefined || match.tenantId === subject.tenantId) &&
    (match.contentType === undefined || match.contentType === subject.contentType) &&
    (match.contentId === undefined || match.contentId === subject.contentId)
  );
}
