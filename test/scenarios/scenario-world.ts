import { join } from 'node:path';
import tls from 'node:tls';
import { onTestFinished, vi } from 'vitest';
import { type AppHost, startHost } from '../host/app-host.ts';
import { startAzurite } from '../host/azurite.ts';
import { createLedgerView, type LedgerCounts } from '../local/ledger-view.ts';
import { type AuditResult, type AuditScope, compare } from '../simulator/audit.ts';
import type { CredentialKind } from '../simulator/credentials.ts';
import type { SimulatedTenant } from '../simulator/simulated-tenant.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.ts';
import { type LedgerStates, readLedgerStates } from './ledger-states.ts';

/** An event the app has logged, with its level. */
export interface LoggedEvent {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/**
 * The built app on the local host, with real Azurite and the simulators, in a time that the test moves: Date is faked, and all of
 * them go by it; the clock for durations goes on by itself, and by as much more as the world is moved.
 */
export interface ScenarioWorld {
  readonly simulator: Simulator;
  readonly tenant: SimulatedTenant;
  readonly host: AppHost;
  readonly connectionString: string;
  /** What the app is started with, under the settings of the scenario. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything logged so far, by all instances. */
  readonly events: LoggedEvent[];
  /** Requests to queues and tables so far. */
  readonly storageRequests: number;
  /** A time of the world's first day, such as `10:05`, or so many minutes after the world's start. */
  at(time: string | number): Date;
  /** Moves on step by step: timers fire when they are due, and the queue is worked off after each step. */
  runFor(minutes: number, stepMinutes?: number): Promise<void>;
  runUntil(time: string): Promise<void>;
  /** Time passes, and nothing is started by it; what runs goes on. */
  pass(minutes: number): void;
  /** Time passes while the app does not run. */
  absentFor(minutes: number): Promise<void>;
  /** The app ends in order and starts anew; storage stays. */
  restart(settings?: Readonly<Record<string, string>>): Promise<void>;
  audit(tenant?: SimulatedTenant, scope?: AuditScope): Promise<AuditResult>;
  ledger(): Promise<LedgerCounts>;
  /** The whole ledger counted, of one tenant or of all. */
  states(tenant?: SimulatedTenant): Promise<LedgerStates>;
}

export interface ScenarioOptions extends Omit<SimulatorOptions, 'now'> {
  /** ISO 8601; default 2026-11-20T10:00:00Z. */
  readonly startAt?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** How a collector of one tenant proves itself; default `secret`. */
  readonly credential?: CredentialKind;
  /** Holds what is deployed; default this repository. */
  readonly appDirectory?: string;
  /** Is handed what ends the world; default `onTestFinished`. */
  readonly onEnd?: (end: () => Promise<void>) => void;
}

const minuteMs = 60_000;
const repository = join(import.meta.dirname, '..', '..');

/** Starts a world that ends with the test, unless `onEnd` says otherwise. */
export async function createScenario(options: ScenarioOptions = {}): Promise<ScenarioWorld> {
  const start = Date.parse(options.startAt ?? '2026-11-20T10:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  const realDurations = performance.now.bind(performance);
  let moved = start;
  const durations = vi.spyOn(performance, 'now').mockImplementation(() => realDurations() + moved - start);
  const { tenants = 1, credential = 'secret', onEnd = onTestFinished } = options;
  const simulator = await createSimulator(options);
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, simulator.caCertificate]);
  let storageRequests = 0;
  const azurite = await startAzurite({
    onRequest: () => {
      storageRequests += 1;
    },
  });
  const view = createLedgerView(azurite.connectionString);
  const events: LoggedEvent[] = [];
  const base: Readonly<Record<string, string>> = {
    ...(tenants === 1 ? await simulator.environmentWith(credential) : simulator.environmentOfAll()),
    AzureWebJobsStorage: azurite.connectionString,
  };
  // Not settings of ours: the identity library looks for them in the process, and not before its first login.
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'] as const) vi.stubEnv(name, base[name]);
  const started: AppHost[] = [];

  async function startApp(settings: Readonly<Record<string, string>>): Promise<AppHost> {
    const host = await startHost({
      appDirectory: options.appDirectory ?? repository,
      environment: { ...base, ...settings },
      start: 'manual',
      timers: false,
      onLog({ level, message }) {
        simulator.readLog(message);
        if (message.startsWith('{"event"')) events.push({ level, ...JSON.parse(message) });
      },
    });
    started.push(host);
    return host;
  }

  let host = await startApp(options.settings ?? {});
  onEnd(async () => {
    for (const each of started) await each.stop();
    await simulator.close();
    await azurite.stop();
    tls.setDefaultCACertificates(trusted);
    durations.mockRestore();
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  function at(time: string | number): Date {
    if (typeof time === 'number') return new Date(start + time * minuteMs);
    return new Date(`${new Date(start).toISOString().slice(0, 10)}T${time}:00Z`);
  }

  function moveTo(time: number): void {
    moved = time;
    vi.setSystemTime(time);
  }

  async function step(to: number): Promise<void> {
    const from = Date.now();
    // What a run dispatches is worked on while it goes on; what is left then is done without polling for it.
    host.startListening();
    // Nothing may be in work when time moves: a claim would run out under it.
    const fired = await host.fireDueTimers(new Date(from), new Date(to), async (due) => {
      await host.drain();
      moveTo(due.getTime());
    });
    await host.pauseListening();
    await host.drain();
    moveTo(to);
    const failed = fired.find(({ error }) => error !== undefined);
    if (failed) throw failed.error;
    await host.drain();
  }

  async function runTo(end: number, stepMs: number): Promise<void> {
    while (Date.now() < end) await step(Math.min(Date.now() + stepMs, end));
  }

  return {
    simulator,
    tenant: simulator.tenant,
    get host() {
      return host;
    },
    connectionString: azurite.connectionString,
    environment: base,
    events,
    get storageRequests() {
      return storageRequests;
    },
    at,
    runFor: (minutes, stepMinutes = 1) => runTo(Date.now() + minutes * minuteMs, stepMinutes * minuteMs),
    runUntil: (time) => runTo(at(time).getTime(), minuteMs),
    pass: (minutes) => moveTo(Date.now() + Math.round(minutes * minuteMs)),
    async absentFor(minutes) {
      await host.stop();
      moveTo(Date.now() + minutes * minuteMs);
      host = await startApp(options.settings ?? {});
    },
    async restart(settings = options.settings ?? {}) {
      await host.stop();
      host = await startApp(settings);
    },
    audit: (tenant = simulator.tenant, scope = {}) => compare(tenant, simulator.siem, scope),
    ledger: () => view.read(),
    states: (tenant) => readLedgerStates(azurite.connectionString, tenant?.tenantId),
  };
}
