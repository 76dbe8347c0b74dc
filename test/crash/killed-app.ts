import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type HostProcess, startHostProcess } from '../local/host-process.ts';
import type { Simulator } from '../simulator/simulator.ts';
import type { ShiftedClock } from './shifted-clock.ts';

/** The built app in a process of its own, which goes by this process's clock and can be killed. */
export interface KilledApp {
  start(): Promise<void>;
  kill(): Promise<void>;
  /** In order, as at a deployment. */
  stop(): Promise<void>;
  /** Removes what it needed. */
  remove(): Promise<void>;
}

/** What a killed process had received comes back so soon. */
const messageLeaseMs = 3_000;

export async function createKilledApp(
  simulator: Simulator,
  connectionString: string,
  clock: ShiftedClock,
): Promise<KilledApp> {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-crash-'));
  const certificate = join(folder, 'simulator.pem');
  await writeFile(certificate, simulator.caCertificate);
  const preload = pathToFileURL(join(import.meta.dirname, 'child-clock.ts')).href;
  let host: HostProcess | undefined;

  return {
    async start() {
      host = await startHostProcess({
        settings: {
          ...simulator.environment(),
          AzureWebJobsStorage: connectionString,
          CONTENT_TYPES: 'Audit.Exchange,Audit.General',
          LISTING_SCHEDULE: '*/1 * * * * *',
          RECONCILE_SCHEDULE: '*/3 * * * * *',
          NODE_EXTRA_CA_CERTS: certificate,
          NODE_OPTIONS: `--import=${preload}`,
          CLOCK_SHIFT_MS: String(clock.shiftMs),
        },
        messageLeaseMs,
        onLine: () => undefined,
      });
    },
    async kill() {
      await host?.kill();
    },
    async stop() {
      await host?.stop();
    },
    async remove() {
      await host?.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
