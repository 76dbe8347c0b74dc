import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from './app-settings.ts';
import { type AppRegistry, runAsApp } from './functions-core.ts';

const nativeImport = createRequire(import.meta.url)('./native-import.cjs') as (url: string) => Promise<unknown>;

interface LoaderState {
  instances: number;
  /** Loads go one after the other: each has the process's environment to itself. */
  lastLoad: Promise<unknown>;
}

const stateKey = Symbol.for('test/host/app-loader');

function loaderState(): LoaderState {
  const home = globalThis as { [stateKey]?: LoaderState };
  home[stateKey] ??= startLoader();
  return home[stateKey];
}

function startLoader(): LoaderState {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const instance = context.parentURL === undefined ? null : instanceOf(context.parentURL);
      const ownModule = resolved.url.startsWith('file:') && !resolved.url.includes('/node_modules/');
      return instance !== null && ownModule ? { ...resolved, url: `${resolved.url}?instance=${instance}` } : resolved;
    },
  });
  return { instances: 0, lastLoad: Promise.resolve() };
}

function instanceOf(moduleUrl: string): string | null {
  return /^file:.*\?instance=(\d+)$/.exec(moduleUrl)?.[1] ?? null;
}

/**
 * Loads an app's entry point, package.json's `main`, as the worker does, and lets it register with `registry`.
 *
 * Each load gets modules of its own, so several instances of one app can live in one process: every module of the app is
 * loaded under `?instance=N`, while packages are shared. They are never unloaded.
 *
 * @param environment set in process.env while the entry point loads and taken back afterwards; undefined means not set.
 * @throws what the entry point throws, as it is.
 */
export async function loadApp(directory: string, environment: Environment, registry: AppRegistry): Promise<void> {
  const state = loaderState();
  const load = state.lastLoad.then(async () => {
    const entryPoints = await findEntryPoints(directory);
    const restore = applyEnvironment(environment);
    try {
      const instance = ++state.instances;
      for (const file of entryPoints) {
        await runAsApp(registry, () => nativeImport(`${pathToFileURL(file).href}?instance=${instance}`));
      }
    } finally {
      restore();
    }
  });
  state.lastLoad = load.catch(() => undefined);
  await load;
}

async function findEntryPoints(directory: string): Promise<string[]> {
  const description: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  const { main, type } = description as { readonly main?: unknown; readonly type?: unknown };
  if (typeof main !== 'string') {
    throw new Error(`${directory}${sep}package.json names no entry point ("main").`);
  }
  const files = globSync(main, { cwd: directory })
    .sort()
    .map((file) => resolve(directory, file));
  if (files.length === 0) {
    throw new Error(`Worker was unable to load entry point "${main}": Found zero files matching the supplied pattern`);
  }
  const notModule = files.find((file) => !(file.endsWith('.mjs') || (type === 'module' && file.endsWith('.js'))));
  if (notModule !== undefined) {
    throw new Error(`${notModule} is no ES module, and this host loads nothing else.`);
  }
  return files;
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
