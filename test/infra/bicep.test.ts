import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { infraFolder, readInfra } from './bicep-file.ts';
import { readBicep } from './bicep-reader.ts';

const names = readdirSync(infraFolder).filter((name) => name.endsWith('.bicep'));
const files = new Map(names.map((name) => [name, readInfra(name)]));

const keywords =
  'targetScope param var resource module output existing if for in true false null string int bool array object'.split(
    ' ',
  );
/** Functions and decorators of Bicep that the templates use: a misspelt one is found here. */
const functions =
  'allowed concat contains description empty environment filter guid items length loadTextContent map maxLength maxValue metadata minLength minValue range reduce replace resourceGroup secure string subscription subscriptionResourceId substring tenant toLower toObject union uniqueString'.split(
    ' ',
  );

describe('the reader of Bicep', () => {
  it('follows strings, interpolations and comments', () => {
    const tokens = readBicep(`var a = 'it\\'s \${b ? '}' : c} // no' // 'comment\nvar d = '''raw ' \${ '''`);
    expect(tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text)).toEqual([
      'var',
      'a',
      'b',
      'c',
      'var',
      'd',
    ]);
  });

  it.each([
    ["param a string = 'x", 'line 1: a string has no end'],
    ['var a = {\n  b: [\n  }', 'line 3: } has no partner'],
    ['var a = {', 'line 1: { has no partner'],
    ["var a = '${b'", 'has no end'],
    ["var a = 'C:\\dir'", 'line 1: an escape that Bicep does not know'],
    ['var a = "x"', 'line 1: "\\"" has no place here'],
  ])('says where %j breaks', (text, message) => {
    expect(() => readBicep(text)).toThrow(message);
  });
});

describe.each(names)('infra/%s', (name) => {
  const file = readInfra(name);

  it('uses only names that it declares', () => {
    const known = new Set([...keywords, ...functions, ...file.names.keys()]);
    const unknown = file.tokens.filter(({ kind, text }, index) => {
      const before = file.tokens[index - 1]?.text ?? '';
      const after = file.tokens[index + 1]?.text ?? '';
      const isName = kind === 'word' && !['.', '::', 'output'].includes(before) && after !== ':';
      return isName && !known.has(text);
    });
    expect(unknown.map(({ text, line }) => `line ${line}: ${text}`)).toEqual([]);
  });

  it('uses every parameter and variable that it declares', () => {
    const uses = (wanted: string) => file.tokens.filter(({ kind, text }) => kind === 'word' && text === wanted).length;
    const declared = [...file.names].filter(([, what]) => what === 'param' || what === 'var').map(([each]) => each);
    expect(declared.filter((each) => uses(each) < 2)).toEqual([]);
  });

  it('calls modules of this folder with the parameters that they have', () => {
    for (const { path, given } of file.modules.values()) {
      expect(existsSync(join(infraFolder, path)), path).toBe(true);
      const { parameters = new Map<string, never>() } = files.get(path) ?? {};
      const required = [...parameters].filter(([, one]) => one.default === undefined).map(([each]) => each);
      expect(given, path).toEqual(expect.arrayContaining(required));
      expect(
        given.filter((each) => !parameters.has(each)),
        path,
      ).toEqual([]);
    }
  });

  it('reads only outputs that the modules have', () => {
    const reads = [...file.text.matchAll(/(\w+)!?\.outputs\.(\w+)/g)];
    for (const [whole, module = '', output = ''] of reads)
      expect(files.get(file.modules.get(module)?.path ?? '')?.outputs, whole).toContain(output);
  });

  it('needs no module of a registry, and asks for no key', () => {
    expect(file.text).not.toMatch(/\bbr[:/]|\bts:/);
    expect(file.text).not.toMatch(/\blist[A-Z]\w*\(/);
  });

  it('keeps to 250 lines', () => {
    expect(file.text.split('\n').length - 1).toBeLessThanOrEqual(250);
  });
});
