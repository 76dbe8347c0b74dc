import { type Gate, type GateFault, gateKey } from './gates.ts';

/**
 * Whose fault a failure is: the content's own, that of something all meet, nobody can tell yet, or our own, for asking for too
 * much at a time.
 */
export type Blame = 'content' | 'all' | 'unknown' | 'crowd';

/**
 * Tells a fault that all meet from one of a single content, where the answer alone does not: several different contents
 * failed at a gate, and nothing got through in between. A content that failed before something else got through is known to fail
 * on its own account, and says nothing more about the others. Each instance sees for itself.
 */
export interface Suspicion {
  /** A content failed at the gate. */
  failed(fault: GateFault, contentId: string): Blame;
  /** Work got through the gates. */
  passed(gates: readonly Gate[]): void;
  /** A moment, to be compared with what got through later. */
  readonly moment: number;
  /** Whether work got through the gate after that moment. */
  passedSince(gate: Gate, moment: number): boolean;
}

/** Contents known to fail on their own account are forgotten when there are so many at a gate. */
const mostKnown = 1_000;

interface Seen {
  readonly suspects: Set<string>;
  readonly known: Set<string>;
}

export function createSuspicion(): Suspicion {
  const gates = new Map<string, Seen>();
  /** The moment at which work last got through, by gate. */
  const lastPassed = new Map<string, number>();
  let moment = 0;

  return {
    get moment() {
      return moment;
    },
    passedSince: (gate, since) => (lastPassed.get(gateKey(gate)) ?? 0) > since,
    failed({ gate, enough }, contentId) {
      if (enough === 0) return 'all';
      const key = gateKey(gate);
      const seen = gates.get(key) ?? { suspects: new Set(), known: new Set() };
      gates.set(key, seen);
      if (seen.known.has(contentId)) return 'content';
      return seen.suspects.add(contentId).size >= enough ? 'all' : 'unknown';
    },
    passed(through) {
      moment += 1;
      for (const gate of through) {
        lastPassed.set(gateKey(gate), moment);
        const seen = gates.get(gateKey(gate));
        if (!seen || seen.suspects.size === 0) continue;
        if (seen.known.size + seen.suspects.size > mostKnown) seen.known.clear();
        for (const contentId of seen.suspects) seen.known.add(contentId);
        seen.suspects.clear();
      }
    },
  };
}
