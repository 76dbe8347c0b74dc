import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve, sep } from 'node:path';
import type { Environment } from './app-settings.ts';
import { type AppRegistry, runAsApp } from './functions-core.ts';

/**
 * Loads an app's entry point, package.json's `main`, as the worker does, and lets it register with `registry`.
 *
 * Each load evaluates the file anew, so several instances of one app can live in one process. What the file requires is shared;
 * a bundle requires nothing.
 *
 * @param environment set in process.env while the entry point loads and taken back afterwards; undefined means not set.
 * @throws what the entry point throws, as it is.
 */
export async function loadApp(directory: string, environment: Environment, registry: AppRegistry): Promise<void> {
  const entryPoint = await findEntryPoint(directory);
  // One of its own: it would keep every instance it has loaded.
  const require = createRequire(entryPoint);
  const restore = applyEnvironment(environment);
  try {
    delete require.cache[entryPoint];
    runAsApp(registry, () => require(entryPoint));
  } finally {
    restore();
  }
}

async function findEntryPoint(directory: string): Promise<string> {
  const description: unknown = JSON.parse(await readFile(resolve(directory, 'package.json'), 'utf8'));
  const { main } = description as { readonly main?: unknown };
  if (typeof main !== 'string') {
    throw new Error(`${directory}${sep}package.json names no entry point ("main").`);
  }
  if (!main.endsWith('.cjs')) {
    throw new Error(`${main} is no CommonJS module (.cjs), and this host loads nothing else.`);
  }
  return resolve(directory, main);
}

function applyEnvironment(environment: Environment): () => void {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  assignEnvironment(Object.entries(environment));
  return () => assignEnvironment(before);
}

function assignEnvironment(values: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of values) {
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  }
}
