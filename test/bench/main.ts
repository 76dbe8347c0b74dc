import { readArguments, usage } from './arguments.ts';
import { benchForwarding } from './forwarding.ts';
import { costTable, cpuRatioTable, requestTable } from './forwarding-tables.ts';
import { onStage } from './stage.ts';

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    console.log(usage);
    return 0;
  }
  const problems: string[] = [];
  const problem = (text: string): void => {
    problems.push(text);
    console.error(`PROBLEM ${text}`);
  };
  const print = (title: string, text: string): void => console.log(`\n## ${title}\n\n${text}`);

  await onStage(problem, async (stage) => {
    if (args.parts.includes('forwarding')) {
      const results = await benchForwarding(args, stage, (line) => console.log(line));
      print('Forwarding', costTable(results));
      print('Ratios', cpuRatioTable(results));
      print('Requests and storage operations a content', requestTable(results));
    }
  });
  return problems.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
