// Stands in for the Azure CLI: `FAKE_AZ_STATE=<file> node fake-az.ts <arguments>`. As strict as az is: a command or an option that it
// does not know ends it with exit code 2. The simulated tenant lives in the file.
import { readFileSync, writeFileSync } from 'node:fs';
import { commands } from './az-commands.ts';
import { applyQuery, asTsv } from './az-queries.ts';
import { rest } from './az-rest.ts';
import { type Entra, Refusal } from './simulated-entra.ts';

const file = process.env['FAKE_AZ_STATE'] ?? '';
const entra = JSON.parse(readFileSync(file, 'utf8')) as Entra;

try {
  process.stdout.write(run(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`ERROR: ${error.message}`);
  process.exitCode = error.exitCode;
} finally {
  writeFileSync(file, JSON.stringify(entra));
}

function run(words: readonly string[]): string {
  const firstOption = words.findIndex((word) => word.startsWith('-'));
  const name = words.slice(0, firstOption).join(' ');
  const command = { ...commands, rest }[name];
  if (command === undefined) throw new Refusal(`'${name}' is misspelled or not recognized by the system.`, 2);
  const options = readOptions(words.slice(firstOption), [...command.options, '--query', '--output']);
  const missing = (command.needs ?? []).filter((option) => options[option] === undefined);
  if (missing.length > 0) throw new Refusal(`the following arguments are required: ${missing.join(', ')}`, 2);
  if (options['--output'] !== 'tsv') throw new Refusal('only tsv is simulated', 2);
  const changing = command.changing === true || options['--method'] === 'post';
  entra.calls.push({ words, changing });
  if (!entra.signedIn && !command.anonymous) throw new Refusal("Please run 'az login' to setup account.");
  return asTsv(applyQuery(command.run(entra, options), options['--query']));
}

function readOptions(words: readonly string[], known: readonly string[]): Record<string, string> {
  const options: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 2) {
    const [option = '', value] = words.slice(at, at + 2);
    if (!known.includes(option)) throw new Refusal(`unrecognized arguments: ${option}`, 2);
    if (value === undefined || value === '') throw new Refusal(`argument ${option}: expected one argument`, 2);
    options[option] = value;
  }
  return options;
}
