import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ShownJob } from '../../shared/operating/shown-job.ts';
import { type Answered, createFunctionCaller, type FunctionCaller } from './function-caller.ts';
import { answerLines, jobLine } from './operate-report.ts';
import { runCommand } from './run-command.ts';

const usage = `npm run operate -- <command> --url https://APP.azurewebsites.net [options]

  backfill    lists an interval anew and collects what is not known of it: --tenant --from [--to] [--type]
  replay      sends settled contents again: --tenant, --from [--to] or --content-id; [--type] [--state]
  pause       stops forwarding, listing goes on: --tenant [--type] [--reason] [--by]
  resume      lets forwarding go on: --tenant [--type]
  quarantine  lists what is set aside, and why: [--tenant] [--type]
  jobs        lists backfills and replays; --cancel ID ends one

  --tenant NAME      name or id of a tenant in the settings
  --type TYPE        one content type, such as Audit.Exchange; all of the tenant's when left out
  --from, --to TIME  of contentCreated, ISO 8601, UTC; --to is now when left out
  --state STATE      forwarded, gone, expired or quarantined; several times for several; forwarded and quarantined when left out
  --content-id ID    one content; several times for several
  --confirm          does it; without it nothing is changed, and what would be is shown
  --watch            shows the progress until the job has ended
  --every SECONDS    how often to look then; 10 when left out
  --json             prints the answer as JSON

The key of the functions is read from the environment variable FUNCTION_KEY.
Exit code: 0 when it went through, 1 when it was refused, 2 when it could not be asked for.`;

const options = {
  url: { type: 'string' },
  tenant: { type: 'string' },
  type: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  state: { type: 'string', multiple: true },
  'content-id': { type: 'string', multiple: true },
  reason: { type: 'string' },
  by: { type: 'string' },
  cancel: { type: 'string' },
  confirm: { type: 'boolean' },
  watch: { type: 'boolean' },
  every: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** The requests of the commands; what is left out, JSON leaves out too. */
const commands: Readonly<Record<string, (functions: FunctionCaller, values: Values) => Promise<Answered>>> = {
  backfill: (functions, { tenant, type: contentType, from, to, confirm }) =>
    functions.call('POST', 'backfill', { tenant, contentType, from, to, confirm }),
  replay: (functions, { tenant, type: contentType, from, to, state: states, 'content-id': contentIds, confirm }) =>
    functions.call('POST', 'replay', { tenant, contentType, from, to, states, contentIds, confirm }),
  pause: (functions, { tenant, type: contentType, reason, by = userInfo().username, confirm }) =>
    functions.call('POST', 'pause', { tenant, contentType, reason, by, confirm }),
  resume: (functions, { tenant, type: contentType, confirm }) =>
    functions.call('POST', 'resume', { tenant, contentType, confirm }),
  quarantine: (functions, { tenant, type: contentType }) => wholeQuarantine(functions, { tenant, contentType }),
  jobs: (functions, { cancel }) =>
    cancel === undefined
      ? functions.call('GET', 'jobs')
      : functions.call('DELETE', `jobs/${encodeURIComponent(cancel)}`),
};

/** Page by page, as long as there is more. */
async function wholeQuarantine(
  functions: FunctionCaller,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<Answered> {
  const contents: unknown[] = [];
  let continuation: string | undefined;
  do {
    const given = Object.entries({ ...fields, continuation }).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(given as [string, string][]);
    const answer = await functions.call('GET', `quarantine?${query}`);
    if (answer.status !== 200) return answer;
    contents.push(...(answer.body['contents'] as unknown[]));
    continuation = answer.body['continuation'] as string | undefined;
  } while (continuation !== undefined);
  return { status: 200, body: { contents } };
}

/** Prints a line for each change of the jobs, until they have ended; all that are under way, or the one. */
async function watch(functions: FunctionCaller, id: string | undefined, everyMs: number, json: boolean): Promise<void> {
  const printed = new Map<string, string>();
  for (;;) {
    const { status, body } = await functions.call('GET', 'jobs');
    if (status !== 200) throw new Error('The progress cannot be read at present; see npm run operate -- jobs.');
    const jobs = (body['jobs'] as ShownJob[]).filter((job) => id === undefined || job.id === id);
    const active = jobs.filter(({ state }) => state === 'waiting' || state === 'running');
    for (const job of jobs) {
      if (!printed.has(job.id) && id === undefined && !active.includes(job)) continue;
      const line = json ? JSON.stringify(job) : jobLine(job);
      if (printed.get(job.id) !== line) console.log(line);
      printed.set(job.id, line);
    }
    if (active.length === 0) return;
    await sleep(everyMs);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [name = '', ...more] = positionals;
  const command = commands[name];
  if (!command || more.length > 0) throw new Error(`There is no command "${positionals.join(' ')}". See --help.`);
  const everyMs = Number(values.every ?? 10) * 1000;
  if (!(everyMs > 0)) throw new Error('--every is not a number of seconds.');
  const functions = createFunctionCaller(values.url, process.env['FUNCTION_KEY']);
  const answer = await command(functions, values);
  const json = values.json ?? false;
  if (json) console.log(JSON.stringify(answer.body, null, 2));
  else console.log(answerLines(answer).join('\n'));
  if (answer.status >= 400) return 1;
  const job = answer.body['job'] as ShownJob | undefined;
  if (values.watch && (job || name === 'jobs')) await watch(functions, job?.id, everyMs, json);
  return 0;
}

runCommand(main, 2);
