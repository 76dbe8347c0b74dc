import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInfra } from '../infra/bicep-file.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'deployment.md'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const main = readInfra('main.bicep');
const { parameters } = JSON.parse(readFileSync(join(root, 'infra', 'main.parameters.json'), 'utf8')) as {
  parameters: Record<string, { value: string }>;
};
const variables = new Map(Object.entries(parameters).map(([name, { value }]) => [value.slice(2, -1), name]));
const [, reference = ''] = text.split('### All parameters\n');
const [section = ''] = reference.split('\n## ');

describe('docs/deployment.md', () => {
  it('has every parameter, and no other', () => {
    const named = [...section.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, name]) => name ?? '');
    expect(new Set(named.filter((name) => !/^TENANTS_\d$/.test(name)))).toEqual(new Set(variables.keys()));
  });

  it('gives the defaults that the templates have', () => {
    const rows = [...section.matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)];
    expect(rows.length).toBeGreaterThan(5);
    for (const [, variable = '', shown = ''] of rows) {
      const written = main.parameters.get(variables.get(variable) ?? '')?.default;
      expect(written?.replaceAll("'", shown.startsWith('[') ? '"' : ''), variable).toBe(shown);
    }
  });

  it('calls a parameter what it is called after its variable, where it does not say otherwise', () => {
    for (const [variable, name] of variables) {
      const spelled = variable.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      if (!section.includes(`\`${name}\``)) expect(name.toLowerCase()).toBe(spelled.toLowerCase());
    }
  });

  it.each([
    ['docs/deployment.md', text],
    ['README.md', readme],
  ])('asks azd only for what it knows, in %s', (_name, document) => {
    const asked = [...document.matchAll(/azd env get-value (\w+)/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(0);
    for (const name of asked) expect(['AZURE_SUBSCRIPTION_ID', ...main.outputs]).toContain(name);
    const given = [...document.matchAll(/azd env set (\w+)/g)].map(([, name]) => name);
    for (const name of given) expect([...variables.keys()]).toContain(name);
  });

  it('gives az only parameters that there are', () => {
    const command = /az deployment sub create[\s\S]*?```/.exec(text)?.[0] ?? '';
    const given = [...command.matchAll(/\b(\w+)=/g)].map(([, name]) => name);
    expect(given).toContain('sekoiaIntakeKey');
    for (const name of given) expect([...main.parameters.keys()]).toContain(name);
  });

  it('names what the workflow and the package are called', () => {
    const workflow = readFileSync(join(root, '.github', 'workflows', 'deploy.yml'), 'utf8');
    const wanted = [...workflow.matchAll(/vars\.(\w+)/g)].map(([, name]) => name);
    const [, part = ''] = text.split('## 3. From GitHub\n');
    for (const name of wanted) expect(part).toContain(`\`${name}\``);
    const made = readFileSync(join(root, '.ci', 'package.mjs'), 'utf8').match(/'([\w-]+\.zip)'/)?.[1];
    expect(text).toContain(`--src out/${made}`);
  });

  it('links only to files and headings that there are', () => {
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = '', heading] = link.split('#');
      const file = join(root, 'docs', path);
      expect(existsSync(file), link).toBe(true);
      const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      if (heading) expect(headings, link).toContain(heading);
    }
  });

  it('keeps to 180 lines', () => {
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(180);
  });
});
