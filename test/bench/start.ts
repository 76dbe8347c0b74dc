import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from './median.ts';
import { ownApp } from './remote-host.ts';

/** Medians in milliseconds. */
export interface StartTime {
  readonly bareMs: number;
  readonly loadedMs: number;
  /** What loading the app adds to starting Node. */
  readonly addedMs: number;
}

const script = join(import.meta.dirname, 'start-entry.ts');

/** Starts Node with and without loading the app, in turn. */
export function benchStart(spawns: number, environment: Readonly<Record<string, string>>): StartTime {
  const env = { ...process.env, ...environment, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
  const time = (app: string): number => {
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [script, app], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The app could not be loaded: ${stderr}`);
    return performance.now() - began;
  };
  const pairs = Array.from({ length: spawns }, () => ({ bare: time('bare'), loaded: time(ownApp) }));
  return {
    bareMs: median(pairs.map(({ bare }) => bare)),
    loadedMs: median(pairs.map(({ loaded }) => loaded)),
    addedMs: median(pairs.map(({ bare, loaded }) => loaded - bare)),
  };
}
