/** What a process talks to. */
export type Service = 'table' | 'queue' | 'api' | 'intake' | 'clock';

/** A moment at which a process waits for the world: just before a request has its effect, or just after. */
export interface Boundary {
  readonly service: Service;
  readonly applied: boolean;
}

/**
 * Something that befalls a process at a boundary.
 *
 * - `crash`: it ends there; nothing of it goes on.
 * - `freeze`: nothing of it goes on until it is thawed.
 * - `fail`: storage answers 500. `busy`: it answers 503. `reset`: the connection breaks instead of an answer. `silence`: nothing
 *   comes. Each of them whether the request had its effect or not, as the boundary says.
 */
export interface Mishap {
  readonly what: 'crash' | 'freeze' | 'fail' | 'busy' | 'reset' | 'silence';
  /** At which service; undefined at any. */
  readonly service: Service | undefined;
  readonly applied: boolean;
  /** Boundaries of that kind that are passed unharmed first. */
  readonly skip: number;
  /** How many such boundaries in a row it befalls. */
  readonly times: number;
}

/** What a request meets at a boundary: it goes on, or its answer is this one. */
export type Verdict = 'pass' | 'fail' | 'busy' | 'reset' | 'silence';

/** The boundaries of one process, where its mishaps happen. */
export interface Boundaries {
  /** Resolves when the process may go on: never once it has crashed, and not while it is frozen. */
  cross(boundary: Boundary): Promise<Verdict>;
  /** Lets one mishap happen. */
  arm(mishap: Mishap): void;
  /** Takes back what has not happened yet. */
  disarm(): void;
  thaw(): void;
  /** Ends the process where it stands. */
  crash(): void;
  readonly state: 'running' | 'frozen' | 'crashed';
  /** Where and when it froze last, milliseconds since 1970. */
  readonly frozenAt: (Boundary & { readonly since: number }) | undefined;
  /** Resolves when the process runs no longer: crashed or frozen. */
  readonly stopped: Promise<void>;
  /** How many boundaries were crossed. */
  readonly crossed: number;
  /** How many mishaps have happened. */
  readonly happened: number;
}

interface Armed {
  readonly mishap: Mishap;
  passed: number;
  hits: number;
}

const never = new Promise<never>(() => undefined);

/** The boundaries of a process that runs. Storage alone can be made to fail here: the other services fail by themselves. */
export function createBoundaries(): Boundaries {
  let state: Boundaries['state'] = 'running';
  let armed: Armed | undefined;
  let frozenAt: Boundaries['frozenAt'];
  let crossed = 0;
  let happened = 0;
  let thawed = Promise.withResolvers<void>();
  let stopped = Promise.withResolvers<void>();

  function befalling({ service, applied }: Boundary): Mishap | undefined {
    if (!armed) return undefined;
    const { mishap } = armed;
    if (mishap.applied !== applied || (mishap.service !== undefined && mishap.service !== service)) return undefined;
    const ofStorage = service === 'table' || service === 'queue';
    if (!ofStorage && mishap.what !== 'crash' && mishap.what !== 'freeze') return undefined;
    armed.passed += 1;
    if (armed.passed <= mishap.skip) return undefined;
    armed.hits += 1;
    if (armed.hits === 1) happened += 1;
    if (armed.hits >= mishap.times) armed = undefined;
    return mishap;
  }

  function stop(how: 'frozen' | 'crashed'): void {
    if (state === 'crashed') return;
    state = how;
    stopped.resolve();
  }

  /** Waits as long as the process does. */
  async function go(): Promise<void> {
    while (state === 'frozen') await thawed.promise;
    if (state === 'crashed') await never;
  }

  return {
    async cross(boundary) {
      await go();
      crossed += 1;
      const mishap = befalling(boundary);
      if (mishap?.what === 'crash') stop('crashed');
      if (mishap?.what === 'freeze') {
        frozenAt = { ...boundary, since: Date.now() };
        stop('frozen');
      }
      await go();
      return mishap === undefined || mishap.what === 'crash' || mishap.what === 'freeze' ? 'pass' : mishap.what;
    },
    arm(mishap) {
      armed = { mishap, passed: 0, hits: 0 };
    },
    disarm() {
      armed = undefined;
    },
    thaw() {
      if (state !== 'frozen') return;
      state = 'running';
      thawed.resolve();
      thawed = Promise.withResolvers();
      stopped = Promise.withResolvers();
    },
    crash: () => stop('crashed'),
    get state() {
      return state;
    },
    get frozenAt() {
      return frozenAt;
    },
    get stopped() {
      return stopped.promise;
    },
    get crossed() {
      return crossed;
    },
    get happened() {
      return happened;
    },
  };
}
