import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../shared/errors.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
const entries = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')).trim(), entry]),
);

describe('docs/errors.md', () => {
  it('has one entry for each error code, in the order of the code', () => {
    expect([...entries.keys()]).toEqual([...errorCodes]);
  });

  it.each([...entries])('says of %s what happened, what the product does and what to do', (_, entry) => {
    for (const part of ['What happened', 'What the product does', 'What to do'])
      expect(entry).toMatch(new RegExp(`^- ${part}: \\S`, 'm'));
  });
});
