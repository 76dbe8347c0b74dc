import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { benchForwarding } from './forwarding.ts';
import { costTable, cpuRatioTable, requestTable, wallRatioTable } from './forwarding-tables.ts';
import { benchLag } from './lag.ts';
import { benchLatency } from './latency.ts';
import { benchListing } from './listing.ts';
import { listingTable } from './listing-table.ts';
import { createReport, machineLine, type Report } from './report.ts';
import type { Stage } from './scene.ts';
import { onStage } from './stage.ts';
import { benchStart } from './start.ts';
import { number, table } from './table.ts';

const resultsFile = join(import.meta.dirname, 'results.md');

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    console.log(usage);
    return 0;
  }
  if (args.profiles !== undefined) await mkdir(args.profiles, { recursive: true });
  const problems: string[] = [];
  const problem = (text: string): void => {
    problems.push(text);
    console.error(`PROBLEM ${text}`);
  };
  const report = createReport((text) => console.log(text));
  console.log(machineLine());
  await onStage(problem, async (stage) => {
    for (const part of args.parts) await parts[part](args, stage, report);
  });
  if (args.complete && problems.length === 0) await writeFile(resultsFile, report.text());
  return problems.length === 0 ? 0 : 1;
}

const parts: Readonly<
  Record<Arguments['parts'][number], (args: Arguments, stage: Stage, report: Report) => Promise<void>>
> = {
  async forwarding(args, stage, report) {
    const left: string[] = [];
    const results = await benchForwarding(args, stage, (line) => left.push(line));
    report.add('Forwarding', ['As fast as the machine goes, without latency.', ...left].join(' '), costTable(results));
    report.add(
      'CPU ratios',
      'How many times the records per CPU second of another variant the collector forwards; all its work counted, and without listing, ledger and dispatch.',
      cpuRatioTable(results),
    );
    report.add(
      'Requests and storage operations a content',
      'A transaction is one table operation.',
      requestTable(results),
    );
  },

  async latency(args, stage, report) {
    const results = await benchLatency(args, stage);
    const about = 'Every answer of the API takes 100 ms, every answer of the intake 50 ms. Listing is not counted.';
    report.add('Speed with latency', about, wallRatioTable(results));
  },

  async listing({ quick, rounds }, stage, report) {
    const contents = quick ? 1_000 : 10_000;
    const pairs = await benchListing(contents, rounds ?? (quick ? 1 : 3), stage);
    const about =
      `${number(contents)} contents listed, put into the ledger and enqueued, against as many bare concurrent creates ` +
      '(99 a transaction) and sends of the same size to the same emulator.';
    report.add('Listing', about, listingTable(pairs));
  },

  async start({ quick }, { environment }, report) {
    const { bareMs, loadedMs, addedMs } = benchStart(quick ? 3 : 9, environment);
    const about = 'What loading the built entry adds to starting Node, milliseconds.';
    report.add(
      'Start',
      about,
      table(
        ['', 'Node alone', 'with the app', 'added'],
        [['start', number(bareMs), number(loadedMs), number(addedMs)]],
      ),
    );
  },

  async lag({ quick }, stage, report) {
    if (quick) return;
    const { contents, p50Seconds, p95Seconds, maxSeconds } = await benchLag(stage);
    const about =
      'From listed to accepted, seconds; 200 contents a minute, the listing timer every minute, latencies as above.';
    const row = [number(contents), number(p50Seconds), number(p95Seconds), number(maxSeconds)];
    report.add('Lag', about, table(['contents', 'p50', 'p95', 'max'], [row]));
  },
};

// The processes of the benchmark end with this one, in order or not.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
