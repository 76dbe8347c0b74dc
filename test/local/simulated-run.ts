import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditResult, compare } from '../simulator/audit.ts';
import { createLivingTenant } from '../simulator/living-tenant.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { createArrivalRate } from './arrival-rate.ts';
import { startPipeline } from './pipeline.ts';
import { summarise } from './summary.ts';
import type { Terminal } from './terminal.ts';

export interface SimulatedRunOptions {
  /** Undefined: until the signal is aborted. */
  readonly minutes: number | undefined;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

const contentsPerMinute = 480;
const seed = 365;
/** Nothing new is published in the last seconds of a bounded run, so that what is there can arrive. */
const quietMs = 7_000;
/** What may then still be on its way, the late-listed contents among it. */
const arrivalLimitMs = 45_000;
const tickMs = 100;

/**
 * The whole pipeline against a simulated tenant that lives, and a simulated SIEM.
 *
 * @returns the exit code: 0 when everything published has arrived exactly once.
 */
export async function runSimulated({ minutes, signal, terminal }: SimulatedRunOptions): Promise<number> {
  const simulator = await createSimulator({ seed });
  simulator.siem.keepRecords = false;
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-local-'));
  try {
    const certificate = join(folder, 'simulator.pem');
    await writeFile(certificate, simulator.caCertificate);
    const pipeline = await startPipeline(
      {
        ...simulator.environment(),
        CONTENT_TYPES: 'Audit.AzureActiveDirectory,Audit.Exchange,Audit.SharePoint,Audit.General,DLP.All',
        // A real tenant is listed every minute; here something should be seen to happen.
        LISTING_SCHEDULE: '*/2 * * * * *',
        NODE_EXTRA_CA_CERTS: certificate,
      },
      terminal,
    );
    try {
      const { tenant, siem } = simulator;
      terminal.say(`Simulated tenant ${tenant.tenantId} publishes about ${contentsPerMinute} contents a minute.`);
      terminal.say(minutes === undefined ? 'Ctrl-C ends the run.' : `The run ends after ${minutes} min.`);
      const life = createLivingTenant(tenant, {
        contentsPerMinute,
        seed,
        now: Date.now,
        late: { share: 0.1, minMs: 1_000, maxMs: 6_000 },
      });
      life.backfill(24, 60);
      const rate = createArrivalRate(siem);
      const began = performance.now();
      const time = minutes === undefined ? new AbortController().signal : AbortSignal.timeout(minutes * 60_000);
      const until = AbortSignal.any([signal, time]);
      const publishing = publish(
        life.tick,
        until,
        minutes === undefined ? undefined : began + minutes * 60_000 - quietMs,
      );
      await pipeline.watch(until);
      await publishing;
      const audit = await settle(() => compare(tenant, siem));
      const counts = await pipeline.counts();
      const violations = [...simulator.office.violations, ...siem.violations];
      const { lines, ok } = summarise({
        audit,
        counts,
        rate: rate.perTenSeconds(),
        contents: tenant.contents.length,
        violations,
      });
      for (const line of lines) terminal.say(line);
      return ok ? 0 : 1;
    } finally {
      await pipeline.stop();
    }
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function publish(tick: () => unknown, until: AbortSignal, quietFrom: number | undefined): Promise<void> {
  while (!until.aborted && (quietFrom === undefined || performance.now() < quietFrom)) {
    tick();
    await sleep(tickMs);
  }
}

/** Waits until everything has arrived, or the limit is reached. */
async function settle(audit: () => Promise<AuditResult>): Promise<AuditResult> {
  const limit = performance.now() + arrivalLimitMs;
  for (;;) {
    const result = await audit();
    if (result.missing === 0 || performance.now() > limit) return result;
    await sleep(500);
  }
}
