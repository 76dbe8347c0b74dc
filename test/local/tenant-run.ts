import { readLocalSettings } from './local-settings.ts';
import { startPipeline } from './pipeline.ts';
import type { Terminal } from './terminal.ts';

export interface TenantRunOptions {
  /** Path of local.settings.json. */
  readonly settingsFile: string;
  readonly minutes: number | undefined;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

/**
 * Collects from the real tenant of local.settings.json, as Core Tools would run the app, with an emulated storage account.
 *
 * @returns the exit code.
 */
export async function runTenant({ settingsFile, minutes, signal, terminal }: TenantRunOptions): Promise<number> {
  const settings = await readLocalSettings(settingsFile);
  if (!settings) {
    throw new Error(
      `There is no ${settingsFile}. Copy local.settings.sample.json to local.settings.json and fill in the tenant.`,
    );
  }
  const pipeline = await startPipeline(settings, terminal);
  try {
    terminal.say(
      'Collecting from the tenant of local.settings.json; Ctrl-C ends it. What it has listed is forgotten then.',
    );
    const time = minutes === undefined ? [] : [AbortSignal.timeout(minutes * 60_000)];
    await pipeline.watch(AbortSignal.any([signal, ...time]));
    return 0;
  } finally {
    await pipeline.stop();
  }
}
