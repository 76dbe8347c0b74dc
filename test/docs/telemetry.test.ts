import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLogged, readHostSettings } from '../host/host-settings.ts';
import { readEventTypes } from '../telemetry/event-fields.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'telemetry.md'), 'utf8');
const { events, common } = readEventTypes();
const names = [...events.keys()];

const [, list = ''] = text.split('\n## Events\n');
const [shared = '', ...entries] = (list.split('\n## ')[0] ?? '').split('\n### ');
const sections = new Map(entries.map((entry) => [/^`([^`]+)`/.exec(entry)?.[1] ?? '', entry]));

/** The rows of the tables in a part of the page, cell by cell. */
function rows(part: string): string[][] {
  return part
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '));
}

/** A field's name without its quotes. */
function fieldIn([first = '']: readonly string[]): string {
  return first.replaceAll('`', '');
}

/** The fields that are told of once for all events of a scope, or of a fault. */
function group(name: string): string[] {
  return rows(shared)
    .filter(([, of]) => of === name)
    .map(fieldIn);
}

/** By event: the levels at which the code logs it. */
function loggedLevels(): Map<string, Set<string>> {
  const levels = new Map<string, Set<string>>();
  for (const entry of readdirSync(join(root, 'shared'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, level = '', event = ''] of source.matchAll(/\('(\w+)',\s*\{\s*event: '([\w.]+)'/g)) {
      levels.set(event, (levels.get(event) ?? new Set()).add(level));
    }
  }
  return levels;
}

describe('docs/telemetry.md', () => {
  it('has one entry for each event of the code, and no other', () => {
    expect(names.length).toBeGreaterThan(20);
    expect([...sections.keys()].sort()).toEqual([...names].sort());
  });

  it.each(names)('says of %s when it is logged, and has each of its fields with unit and meaning', (name) => {
    const section = sections.get(name) ?? '';
    expect(section.split('\n')[1]).toMatch(/^[A-Z].{20,}/);
    const carries = /^- Carries: (.*)$/m.exec(section)?.[1] ?? '';
    const carried = ['scope', 'fault'].filter((each) => carries.includes(each)).flatMap(group);
    const own = rows(section);
    for (const row of own) expect([row.length, row.every((cell) => cell.trim() !== '')]).toEqual([3, true]);
    expect([...own.map(fieldIn), ...carried].sort()).toEqual([...(events.get(name) ?? [])].sort());
  });

  it.each(names)('says at which level %s is logged', (name) => {
    const level = /^- Level: (.*)$/m.exec(sections.get(name) ?? '')?.[1];
    expect([...(loggedLevels().get(name) ?? [])]).toEqual([level]);
  });

  it('has the fields that say where an event comes from', () => {
    const [, following = ''] = text.split('\n## Following a content\n');
    expect(rows(following.split('\n## ')[0] ?? '').map(fieldIn)).toEqual(common);
  });
});

describe('host.json', () => {
  it('lets the events of every function through, and keeps them out of sampling', async () => {
    const settings = await readHostSettings(root);
    const registered = readdirSync(join(root, 'functions')).flatMap((file) => {
      const source = readFileSync(join(root, 'functions', file), 'utf8');
      return [...source.matchAll(/app\.(?:timer|storageQueue)\('([\w-]+)'/g)].map(([, name = '']) => name);
    });
    expect(registered.length).toBeGreaterThanOrEqual(4);
    const silent = registered.filter((name) => !isLogged(settings, `Function.${name}.User`, 'information'));
    expect(silent).toEqual([]);
    const hostJson = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as {
      logging: { applicationInsights: { samplingSettings: { excludedTypes: string } } };
    };
    const excluded = hostJson.logging.applicationInsights.samplingSettings.excludedTypes.split(';');
    // The alerts stand on the lines of the app, and on the executions of the listing timer.
    expect(excluded).toEqual(expect.arrayContaining(['Trace', 'Request']));
  });
});
