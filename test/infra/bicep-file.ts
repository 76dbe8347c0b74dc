import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBicep, type Token } from './bicep-reader.ts';

/** A parameter of a Bicep file. */
export interface Parameter {
  readonly type: string;
  readonly secure: boolean;
  /** As it is written; absent where a value has to be given. */
  readonly default?: string;
}

/** A module that a Bicep file calls. */
export interface Module {
  /** Relative to the calling file. */
  readonly path: string;
  /** Names of the parameters it is given. */
  readonly given: readonly string[];
}

/** What a Bicep file declares. */
export interface BicepFile {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly modules: ReadonlyMap<string, Module>;
  readonly outputs: readonly string[];
  /** Every name that an expression may use, with what declared it; loops and lambdas among them. */
  readonly names: ReadonlyMap<string, 'param' | 'var' | 'resource' | 'module' | 'loop'>;
}

export const infraFolder = join(import.meta.dirname, '..', '..', 'infra');

/** Reads a file of infra/. */
export function readInfra(name: string): BicepFile {
  const text = readFileSync(join(infraFolder, name), 'utf8');
  const tokens = readBicep(text);
  const lines = text.split('\n');
  const parameters = new Map<string, Parameter>();
  const modules = new Map<string, Module>();
  const outputs: string[] = [];
  const names = new Map<string, 'param' | 'var' | 'resource' | 'module' | 'loop'>();
  tokens.forEach(({ text: word, first, depth, line }, index) => {
    const after = (steps: number) => tokens[index + steps]?.text ?? '';
    if (first && (word === 'resource' || (depth === 0 && /^(param|var|module)$/.test(word))))
      names.set(after(1), word as 'param' | 'var' | 'resource' | 'module');
    if (word === 'for') {
      if (after(1) === '(') names.set(after(4), 'loop');
      names.set(after(1) === '(' ? after(2) : after(1), 'loop');
    }
    if (after(1) === '=>') names.set(word, 'loop');
    // The names of a lambda that has two stand between brackets.
    if (word === '(' && after(2) === ',' && after(4) === ')' && after(5) === '=>') {
      names.set(after(1), 'loop');
      names.set(after(3), 'loop');
    }
    if (!first || depth > 0) return;
    if (word === 'output') outputs.push(after(1));
    if (word === 'module') modules.set(after(1), { path: after(2).slice(1, -1), given: given(tokens.slice(index)) });
    if (word === 'param') {
      const written = (lines[line - 1] ?? '').split(' = ')[1];
      parameters.set(after(1), {
        type: after(2),
        secure: lines[line - 2] === '@secure()',
        ...(written === undefined ? {} : { default: written }),
      });
    }
  });
  return { text, tokens, parameters, modules, outputs, names };
}

/** The keys of the first `params: {…}`. */
function given(tokens: readonly Token[]): string[] {
  const start = tokens.findIndex(({ text, first, depth }) => text === 'params' && first && depth === 1);
  const rest = tokens.slice(start + 1);
  const end = rest.findIndex(({ first, depth }) => first && depth === 1);
  return rest
    .slice(0, end)
    .filter(({ first, depth, kind }) => first && depth === 2 && kind === 'word')
    .map(({ text }) => text);
}
