// Makes dist/, which is all that is deployed beside host.json and package.json, and what the tests run.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
const { warnings } = await build({
  entryPoints: ['functions/index.ts'],
  outfile: 'dist/index.cjs',
  bundle: true,
  platform: 'node',
  target: 'node22',
  // Not esm: importing node:http as an ES module reads all its exports, and one of them loads all of fetch, 20 ms at every start.
  format: 'cjs',
  // Exists only inside the Functions worker.
  external: ['@azure/functions-core'],
  // Not minified, so that stack traces can be read as they are. Those that name our sources cost 20 ms at every start; where they
  // are wanted, the app setting languageWorkers__node__arguments takes --enable-source-maps.
  // Source: https://learn.microsoft.com/azure/azure-functions/functions-reference-node
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
});
// A warning is about code that would not do the same as before.
if (warnings.length > 0) process.exit(1);
