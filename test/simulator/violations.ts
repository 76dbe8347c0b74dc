/** Things that clients did and must not do. */
export interface Violations {
  /** As sentences; only the first thousand. */
  readonly list: string[];
  violate(what: string): void;
}

/** None yet. */
export function createViolations(): Violations {
  const list: string[] = [];
  return {
    list,
    violate(what) {
      if (list.length < 1_000) list.push(what);
    },
  };
}
