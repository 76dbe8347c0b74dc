import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsTable } from '../../shared/settings/settings-table.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('README', () => {
  it('has the settings table that the code has', () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` \| (.*?) \| (.*) \|$/gm)].map(([, name, missing, meaning]) => ({
      name,
      missing,
      meaning,
    }));
    const wanted = settingsTable.map(({ name, default: value, whenMissing, meaning }) => ({
      name,
      missing: value === undefined ? whenMissing : `\`${value}\``,
      meaning,
    }));
    expect(rows).toEqual(wanted);
  });

  it('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm (?:run (\w+)|(test|start))/g)].map(([, run, short]) => run ?? short ?? '');
    expect(named).toContain('local');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links only to files that there are', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? '');
    for (const link of links) expect(() => readFileSync(join(root, link))).not.toThrow();
  });
});
