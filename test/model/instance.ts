import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createCollector } from '../../shared/collector.ts';
import { deadlineReached } from '../../shared/forwarding/transfer.ts';
import { createHttpClient } from '../../shared/http/http-client.ts';
import { readSettings } from '../../shared/settings/read-settings.ts';
import type { Run } from '../../shared/telemetry/run.ts';
import { type Boundaries, createBoundaries } from './boundaries.ts';
import type { Deliveries } from './deliveries.ts';
import { startStorageProxy } from './storage-proxy.ts';
import { watchHttp } from './watched-http.ts';

/** One execution of a function on an instance. */
export interface Invocation {
  /** The content it is about, for forwarding. */
  readonly contentId: string | undefined;
  /** Resolves with true when the function returned, false when it threw; not at all when its process has crashed. */
  readonly ended: Promise<boolean>;
  readonly state: 'running' | 'returned' | 'threw';
  /** What it threw. */
  readonly error: unknown;
}

/** The app in one process of its own, as far as a test can have that within its own process. */
export interface Instance {
  readonly number: number;
  readonly boundaries: Boundaries;
  readonly running: readonly Invocation[];
  list(): Invocation;
  reconcile(): Invocation;
  forward(contentId: string, text: string, messageId: string, dequeueCount: number): Invocation;
  reopenPoisoned(text: string): Invocation;
  /** The deadline of whatever runs has come. */
  reachDeadline(): void;
  /** Waits until all that runs has ended, or the process has stopped and storage is done with its requests. */
  untilQuiet(): Promise<void>;
  close(): Promise<void>;
}

export interface InstanceOptions {
  readonly number: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The storage account's. */
  readonly connectionString: string;
  readonly siemOrigin: string;
  readonly deliveries: Deliveries;
  readonly random: () => number;
  readonly onEvent: (event: { readonly event: string }, level: string) => void;
}

/** The product's own waits pass so much faster; the work between them does not. */
const timesFaster = 40;
/** Short, since only what they do counts here, not how long they wait. */
const storagePatience = { answerTimeoutMs: 1_000, retries: 3, firstDelayMs: 2, longestDelayMs: 4 };

/** Starts the app anew: nothing is known but what storage holds. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { deliveries } = options;
  const boundaries = createBoundaries();
  const proxy = await startStorageProxy(options.connectionString, boundaries);
  const http = watchHttp(createHttpClient(), options.siemOrigin, boundaries, deliveries);
  let slept = 0;
  const log: Run['log'] = (level, event) => options.onEvent(event, level);
  const settings = readSettings({ ...options.environment, AzureWebJobsStorage: proxy.connectionString });
  const collector = createCollector(settings, {
    http,
    now: () => Date.now(),
    monotonicMs: () => Date.now() + slept,
    async sleep(ms, signal) {
      await boundaries.cross({ service: 'clock', applied: false });
      await delay(ms / timesFaster);
      slept += ms;
      signal?.throwIfAborted();
    },
    random: options.random,
    storagePatience,
    log,
  });
  let deadline = new AbortController();
  const running = new Set<Invocation>();

  function invoke(contentId: string | undefined, work: (run: Run) => Promise<void>): Invocation {
    const outcome: { state: Invocation['state']; error: unknown } = { state: 'running', error: undefined };
    const end = (state: 'returned' | 'threw', error?: unknown): boolean => {
      Object.assign(outcome, { state, error });
      running.delete(invocation);
      return state === 'returned';
    };
    const ended = work({ id: randomUUID(), log, signal: deadline.signal }).then(
      () => end('returned'),
      (error: unknown) => {
        // Storage failed it: what it sent last may not have been noted.
        if (contentId !== undefined) deliveries.allowAgain(contentId, http.lastPost(contentId));
        return end('threw', error);
      },
    );
    const invocation: Invocation = {
      contentId,
      ended,
      get state() {
        return outcome.state;
      },
      get error() {
        return outcome.error;
      },
    };
    running.add(invocation);
    return invocation;
  }

  /** What was under way when the process stopped may be repeated from its last batch on. */
  function allowWhatWasUnderWay(): void {
    for (const { contentId } of running) {
      if (contentId !== undefined) deliveries.allowAgain(contentId, http.lastPost(contentId));
    }
  }

  return {
    number: options.number,
    boundaries,
    get running() {
      return [...running];
    },
    list: () => invoke(undefined, collector.listContent),
    reconcile: () => invoke(undefined, collector.reconcile),
    forward(contentId, text, messageId, dequeueCount) {
      http.forgetPost(contentId);
      return invoke(contentId, (run) => collector.forwardContent(JSON.parse(text), { messageId, dequeueCount }, run));
    },
    reopenPoisoned: (text) => invoke(undefined, (run) => collector.reopenPoisoned(text, run)),
    reachDeadline() {
      deadline.abort(deadlineReached());
      deadline = new AbortController();
    },
    async untilQuiet() {
      const all = Promise.all([...running].map(({ ended }) => ended)).then(() => true);
      const done = await Promise.race([all, boundaries.stopped.then(() => false)]);
      if (done) return;
      while (proxy.atWork > 0) await delay(1);
      allowWhatWasUnderWay();
    },
    async close() {
      boundaries.crash();
      http.close();
      await proxy.close();
    },
  };
}
