import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { loadApp } from '../host/app-loader.ts';
import { createAppRegistry } from '../host/functions-core.ts';
import { clientId, tenantId } from '../settings/environments.ts';

const root = join(import.meta.dirname, '..', '..');
const bundle = join(root, 'dist', 'index.cjs');
const tenant = { TENANT_ID: tenantId, CLIENT_ID: clientId, CLIENT_SECRET: 'secret', SEKOIA_INTAKE_KEY: 'key' };

/** Whether each module that the bundle loads late was evaluated; esbuild names the function around it after its path. */
async function lateModules(run: () => Promise<void>): Promise<Map<string, boolean>> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true });
    await run();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const { functions = [] } = result.find(({ url }) => url.includes(bundle)) ?? {};
    const modules = functions.filter(({ functionName }) => functionName.startsWith('node_modules/'));
    return new Map(modules.map(({ functionName, ranges }) => [functionName, (ranges[0]?.count ?? 0) > 0]));
  } finally {
    session.disconnect();
  }
}

it('is one file, with its source map and the licences', () => {
  expect(readdirSync(join(root, 'dist')).sort()).toEqual(['index.cjs', 'index.cjs.LEGAL.txt', 'index.cjs.map']);
});

it('needs no package', () => {
  const required = [...readFileSync(bundle, 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name ?? '');
  expect(required).toContain('node:http');
  expect(new Set(required.filter((name) => !isBuiltin(name)))).toEqual(new Set(['@azure/functions-core']));
});

it.each([
  ['a connection string', { AzureWebJobsStorage: 'UseDevelopmentStorage=true' }],
  ['a managed identity', { AzureWebJobsStorage: undefined, AzureWebJobsStorage__accountName: 'account' }],
])('loads neither identity nor axios to register its functions, with storage by %s', async (_name, storage) => {
  const registry = createAppRegistry(() => undefined);
  const modules = await lateModules(() => loadApp(root, { ...tenant, ...storage }, registry));
  expect(registry.functions.size).toBe(13);
  const evaluated = [...modules].filter(([, was]) => was).map(([path]) => path);
  expect(evaluated).toContainEqual(expect.stringContaining('node_modules/@azure/core-'));
  for (const name of ['@azure/identity', '@azure/msal-node', '@azure/msal-common', 'axios']) {
    const of = (path: string) => path.startsWith(`node_modules/${name}/`);
    expect([...modules.keys()].some(of), `${name} is loaded late`).toBe(true);
    expect(evaluated.filter(of)).toEqual([]);
  }
});

it('leads a stack trace to our sources', async () => {
  const started = promisify(execFile)(process.execPath, ['--enable-source-maps', bundle], { env: {} });
  await expect(started).rejects.toMatchObject({
    stderr: expect.stringMatching(
      /\bat readSettings \(.*shared\/settings\/read-settings\.ts:\d.*functions\/index\.ts:\d/s,
    ),
  });
});
