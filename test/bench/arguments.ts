import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type SizeName, sizeNames } from './sizes.ts';
import { type VariantName, variantNames } from './variant.ts';

/** What the benchmark measures, each by itself. */
export const partNames = ['forwarding', 'latency', 'listing', 'start', 'lag'] as const;
export type PartName = (typeof partNames)[number];

/** What the benchmark was asked for. */
export interface Arguments {
  readonly quick: boolean;
  readonly help: boolean;
  readonly parts: readonly PartName[];
  readonly variants: readonly VariantName[];
  readonly sizes: readonly SizeName[];
  /** Undefined: as many as the size says. */
  readonly rounds: number | undefined;
  /** An existing directory for CPU profiles. */
  readonly profiles: string | undefined;
  /** Directories of further builds of the app, by name. */
  readonly apps: Readonly<Record<string, string>>;
  /** Everything is measured, so the results are worth keeping. */
  readonly complete: boolean;
}

export const usage = `npm run bench [-- OPTIONS]

  --quick            everything but the longest, once: a smoke test of less than a minute
  --parts A,B        of ${partNames.join(', ')}; default all, or forwarding alone with the options below
  --only A,B         variants, of ${variantNames.join(', ')}; default all
  --sizes A,B        records a content, of ${sizeNames.join(', ')}; default all
  --rounds N         rounds of each size
  --cpu-prof DIR     a CPU profile of each variant's process in each round, of forwarding alone
  --app NAME=DIR     another build of the app to compare with; may be repeated

Results are written to test/bench/results.md when nothing is left out.`;

/** @throws with the usage when something cannot be read. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      parts: { type: 'string' },
      only: { type: 'string' },
      sizes: { type: 'string' },
      rounds: { type: 'string' },
      'cpu-prof': { type: 'string' },
      app: { type: 'string', multiple: true, default: [] },
    },
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error(`--rounds takes a whole number above 0.\n\n${usage}`);
  }
  const narrowing = [values.only, values.sizes, values.rounds, values['cpu-prof'], ...values.app];
  const narrowed = narrowing.some((value) => value !== undefined);
  return {
    quick: values.quick,
    help: values.help,
    parts: choose('parts', values.parts ?? (narrowed ? 'forwarding' : undefined), partNames),
    variants: choose('only', values.only, variantNames),
    sizes: choose('sizes', values.sizes, sizeNames),
    rounds,
    profiles: values['cpu-prof'] === undefined ? undefined : resolve(values['cpu-prof']),
    apps: Object.fromEntries(values.app.map(readApp)),
    complete: !values.quick && !narrowed && values.parts === undefined,
  };
}

function choose<T extends string>(option: string, text: string | undefined, known: readonly T[]): readonly T[] {
  if (text === undefined) return known;
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !known.some((one) => one === name));
  if (unknown.length > 0) throw new Error(`--${option} does not know ${unknown.join(', ')}.\n\n${usage}`);
  return known.filter((name) => wanted.includes(name));
}

function readApp(text: string): readonly [string, string] {
  const [, name, directory] = /^([\w-]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || directory === undefined) throw new Error(`--app takes NAME=DIR.\n\n${usage}`);
  return [name, resolve(directory)];
}
