import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createAppRegistry, runAsApp } from '../host/functions-core.ts';

/** `node start-entry.ts bare` ends at once, `node start-entry.ts DIRECTORY` loads the app there first, as the worker does. */
const [, , directory = 'bare'] = process.argv;
const app = createAppRegistry(() => undefined);
if (directory !== 'bare') {
  const { main } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { readonly main: string };
  await runAsApp(app, () => import(pathToFileURL(join(directory, main)).href));
  if (app.functions.size === 0) throw new Error(`${main} has registered no function`);
}
process.exit(0);
