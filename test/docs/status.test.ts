import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hourStates, stateWords } from '../../shared/status/status.ts';
import { aStatus, aType } from '../status/pages.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'status.md'), 'utf8');
const named = new Set([...text.matchAll(/`(\w+)`/g)].map(([, name]) => name));

/** The names of all members, at any depth. */
function namesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...namesOf(member)]);
}

describe('docs/status.md', () => {
  it('explains each state of a tenant and of an hour', () => {
    for (const word of [...stateWords, ...hourStates]) expect(text).toContain(`| \`${word}\` |`);
  });

  it('names every field of the answer', () => {
    const pause = { gate: 'tenant', since: '', until: '', code: 'api_throttled', message: '', remedy: '' } as const;
    const type = aType({ remedy: '', code: 'api_throttled', pauses: [pause], lost: [{ from: '', to: '' }] });
    const leftOut = [{ where: '', tenantId: '', name: '', problems: [''] }];
    expect(namesOf(aStatus([type], { leftOut })).filter((name) => !named.has(name))).toEqual([]);
  });
});
