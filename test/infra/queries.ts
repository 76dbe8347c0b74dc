import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventTypes } from '../telemetry/event-fields.ts';

export const infra = join(import.meta.dirname, '..', '..', 'infra');

/** A query, by its path in infra/. */
export interface Query {
  readonly path: string;
  readonly text: string;
}

/** Every query there is. */
export function readQueries(): Query[] {
  const files = readdirSync(join(infra, 'queries')).sort();
  return files.map((file) => ({
    path: `queries/${file}`,
    text: readFileSync(join(infra, 'queries', file), 'utf8'),
  }));
}

/** The paths that a Bicep file loads. */
export function loadedBy(file: string): string[] {
  const source = readFileSync(join(infra, file), 'utf8');
  return [...source.matchAll(/load(?:Text|Json)Content\('([^']+)'\)/g)].map(([, path = '']) => path);
}

/** The events that a query looks for. */
export function eventsIn(query: string): string[] {
  const single = [...query.matchAll(/\be\.event == "([^"]+)"/g)].map(([, name = '']) => name);
  const lists = [...query.matchAll(/\be\.event in \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
  );
  return [...new Set([...single, ...lists])];
}

/**
 * What a query gets wrong about the events: names that there are not, and fields that none of those has which it looks for, or none at
 * all where it looks for any.
 */
export function wrongNames(query: string, { events, common }: EventTypes): string[] {
  const code = query.replace(/^\s*\/\/.*$/gm, '');
  const wanted = eventsIn(code);
  const unknown = wanted.filter((name) => !events.has(name)).map((name) => `there is no event ${name}`);
  const looked = wanted.length > 0 ? wanted : [...events.keys()];
  const fields = new Set(['event', ...common, ...looked.flatMap((name) => events.get(name) ?? [])]);
  const used = [...code.matchAll(/\be(?:\.(\w+)|\["([^"]+)"\])/g)].map(([, dotted, quoted]) => dotted ?? quoted ?? '');
  const missing = [...new Set(used)].filter((name) => !fields.has(name));
  return [...unknown, ...missing.map((name) => `${wanted.join(', ') || 'no event'} has no field ${name}`)];
}
