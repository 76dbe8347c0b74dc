import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

function sources(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const text = readFileSync(path, 'utf8');
        return { path: relative(root, path), text, lines: text.split('\n').length - 1 };
      }),
  );
}

const app = sources('functions', 'shared');
const all = [...app, ...sources('test')];

function importing(files: readonly Source[], module: RegExp): string[] {
  return files
    .filter(({ text }) =>
      [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].some(([, name]) => module.test(name ?? '')),
    )
    .map(({ path }) => path);
}

describe('import rules', () => {
  it('reads the whole project', () => {
    expect(app.map(({ path }) => path)).toContain('shared/collector.ts');
    expect(importing(app, /^@azure\/functions$/)).toContain('functions/index.ts');
  });

  it('lets only functions/ import @azure/functions', () => {
    expect(importing(app, /^@azure\/functions/).filter((path) => !path.startsWith('functions/'))).toEqual([]);
  });

  it('lets only what faces storage import the storage SDKs', () => {
    const allowed =
      /^shared\/(ledger|storage)\/|^shared\/(dispatching\/content-queue|resilience\/(pauses|acceptance))\.ts$/;
    expect(importing(app, /^@azure\/(data-tables|storage-queue)$/).filter((path) => !allowed.test(path))).toEqual([]);
  });

  it('loads @azure/identity only when a token is needed', () => {
    const eager = app.filter(({ text }) => /^import (?!type).*'@azure\/identity'/m.test(text)).map(({ path }) => path);
    expect(eager).toEqual([]);
  });

  it('lets only shared/http import axios', () => {
    expect(importing(app, /^axios$/)).toEqual(['shared/http/http-client.ts']);
  });

  it('imports zod as a namespace, or the bundle would hold its messages in fifty languages', () => {
    const whole = app.filter(({ text }) => /^import \{.*'zod'/m.test(text)).map(({ path }) => path);
    expect(whole).toEqual([]);
  });

  it('reads process.env in functions/index.ts alone', () => {
    expect(app.filter(({ text }) => text.includes('process.env')).map(({ path }) => path)).toEqual([
      'functions/index.ts',
    ]);
  });

  it('lets shared/ import nothing of functions/, and neither anything of test/', () => {
    expect(importing(app, /\/test\//)).toEqual([]);
    expect(importing(app, /functions\//).filter((path) => path.startsWith('shared/'))).toEqual([]);
  });

  it('parses no record on the way: JSON.parse is not in the splitting of contents', () => {
    const parsing = app.filter(({ path, text }) => /record-/.test(path) && text.includes('JSON.parse'));
    expect(parsing.map(({ path }) => path)).toEqual([]);
  });
});

describe('file sizes', () => {
  it('keeps every source file at 250 lines or less', () => {
    expect(all.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('keeps every file in functions/ at 40 lines or less', () => {
    expect(
      all.filter(({ path, lines }) => path.startsWith('functions/') && lines > 40).map(({ path }) => path),
    ).toEqual([]);
  });

  it('keeps the README at 150 lines or less', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(150);
  });
});
