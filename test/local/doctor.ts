import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCollector } from '../../shared/collector.ts';
import { type Examination, examinationOf, failed } from '../../shared/doctor/check.ts';
import { CollectorError } from '../../shared/errors.ts';
import { createRealWorld } from '../../shared/real-world.ts';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { reportLines } from './doctor-report.ts';
import { readLocalSettings } from './local-settings.ts';
import { runCommand } from './run-command.ts';

const usage = `npm run doctor [-- --json] [-- --tenant NAME] [-- --settings FILE]

Checks everything that collecting needs and says what is wrong and what to do. It changes nothing.
Settings are those of the environment and, for what is not there, of local.settings.json.

  --json           prints the findings as JSON
  --tenant NAME    examines one tenant, by name or id
  --settings FILE  reads this file instead of local.settings.json

Exit code: 0 when nothing failed, 1 when something did, 2 when it could not be run.`;

const fallbackColumns = 110;

async function examine(file: string, tenant: string | undefined): Promise<Examination> {
  const environment = { ...(await readLocalSettings(file)), ...process.env };
  const world = createRealWorld(() => undefined);
  try {
    const collector = createCollector(readSettings(environment), world);
    return await collector.examine({ tenant }, AbortSignal.timeout(10 * 60_000));
  } catch (error) {
    if (!(error instanceof CollectorError) || error.code !== 'settings_invalid') throw error;
    // Its last line is the remedy, which has a place of its own here.
    const message = error.message.split('\n').slice(0, -1).join('\n');
    return examinationOf([{ ...failed('settings', error), message }], Date.now());
  } finally {
    world.http.close();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      tenant: { type: 'string' },
      settings: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const file = values.settings ?? join(import.meta.dirname, '..', '..', 'local.settings.json');
  const examination = await examine(file, values.tenant);
  const { stdout } = process;
  if (values.json) console.log(JSON.stringify(examination, null, 2));
  else console.log(reportLines(examination, Math.min(stdout.columns ?? fallbackColumns, 140), stdout).join('\n'));
  return examination.status === 'failed' ? 1 : 0;
}

runCommand(main, 2);
