import { join } from 'node:path';
import { startChild } from './processes/child.ts';
import type { Published, ServicesWorld } from './processes/services.ts';
import type { Variant, VariantName } from './variant.ts';
import type { Task } from './variants/content-source.ts';
import type { ForwarderCommands } from './variants/naive.ts';

const scripts: Readonly<Record<Exclude<VariantName, 'collector'>, readonly [string, ...string[]]>> = {
  naive: ['naive.ts', 'plain'],
  'naive-gzip': ['naive.ts', 'gzip'],
  relay: ['relay.ts'],
};

/** Starts a variant that is told the addresses of the contents and a token beforehand: listing is not measured of it. */
export async function startToldVariant(
  kind: keyof typeof scripts,
  { environment, token, sinkUrl }: ServicesWorld,
  warmUp: Published,
): Promise<Variant> {
  const [script, ...args] = scripts[kind];
  const child = await startChild<ForwarderCommands>(join(import.meta.dirname, 'variants', script), { args });
  const taskOf = ({ uris }: Published): Task => ({
    uris,
    token,
    sinkUrl,
    publisherId: environment['TENANT_ID'] ?? '',
    intakeUrl: environment['SEKOIA_INTAKE_URL'] ?? '',
    intakeKey: environment['SEKOIA_INTAKE_KEY'] ?? '',
  });
  await child.call('forward', taskOf(warmUp));
  const idleRssBytes = await child.call('idle');
  return {
    name: kind,
    kind,
    idleRssBytes,
    reports: child.reports,
    async round(published, profileFile) {
      await child.call('begin', profileFile);
      const began = performance.now();
      await child.call('forward', taskOf(published));
      const wallSeconds = (performance.now() - began) / 1000;
      const { cpuSeconds, peakRssBytes } = await child.call('end');
      return { cpuSeconds, listCpuSeconds: 0, wallSeconds, peakRssBytes };
    },
    stop: child.stop,
  };
}
