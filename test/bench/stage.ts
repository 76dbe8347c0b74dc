import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './processes/child.ts';
import type { ServicesCommands } from './processes/services.ts';
import type { Stage } from './scene.ts';

/** Starts the simulated services, gives them to `play`, and ends them whatever happens. */
export async function onStage<T>(problem: Stage['problem'], play: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-bench-'));
  const services = await startChild<ServicesCommands>(join(import.meta.dirname, 'processes', 'services.ts'));
  try {
    const world = await services.call('world');
    const certificate = join(folder, 'simulator.pem');
    await writeFile(certificate, world.caCertificate);
    const environment = { ...world.environment, NODE_EXTRA_CA_CERTS: certificate };
    return await play({ services, world, environment, problem });
  } finally {
    await services.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
