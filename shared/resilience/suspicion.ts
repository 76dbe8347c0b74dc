import { type Gate, gateKey } from './gates.ts';

/**
 * Tells a fault that all meet from one of a single content, where the answer alone does not: several different contents
 * failed at a gate, and nothing got through in between. Each instance sees for itself.
 */
export interface Suspicion {
  /** A content failed at the gate. True when it is not the only one. */
  failed(gate: Gate, contentId: string): boolean;
  /** Work got through the gates. */
  passed(gates: readonly Gate[]): void;
}

/** So many different contents in a row make it a fault of all. */
const enough = 3;

export function createSuspicion(): Suspicion {
  const suspects = new Map<string, Set<string>>();

  return {
    failed(gate, contentId) {
      const failed = suspects.get(gateKey(gate)) ?? new Set<string>();
      suspects.set(gateKey(gate), failed.add(contentId));
      return failed.size >= enough;
    },
    passed(gates) {
      for (const gate of gates) suspects.delete(gateKey(gate));
    },
  };
}
