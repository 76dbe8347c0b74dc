import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from './run-command.ts';
import { runSimulated } from './simulated-run.ts';
import { runTenant } from './tenant-run.ts';
import { createTerminal } from './terminal.ts';

const usage = `npm run local [-- --minutes N] [-- --tenant]

  --minutes N  ends after N minutes with a summary; exit code 1 when anything is missing or doubled
  --tenant     collects from the real tenant in local.settings.json instead of a simulated one`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, tenant: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  if (minutes !== undefined && !(minutes > 0)) throw new Error(`--minutes takes a number above 0.\n\n${usage}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const options = { minutes, signal: interrupted.signal, terminal: createTerminal(process.stdout) };
  const settingsFile = join(import.meta.dirname, '..', '..', 'local.settings.json');
  return values.tenant ? await runTenant({ ...options, settingsFile }) : await runSimulated(options);
}

runCommand(main, 1);
