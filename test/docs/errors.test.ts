import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSekoia } from '../../shared/destinations/sekoia.ts';
import { errorCodes } from '../../shared/errors.ts';
import { loginMeanings } from '../../shared/identity/login-codes.ts';
import { apiMeanings } from '../../shared/management-api/faults.ts';
import { remedies } from '../../shared/remedies.ts';
import { Secret } from '../../shared/settings/secret.ts';
import { storageMeanings } from '../../shared/storage/storage-faults.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
const [ours = '', theirs = ''] = text.split('\n# Codes of the services\n');
const entries = new Map(
  ours
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')).trim(), entry]),
);

/** The rows of the table below a heading, cell by cell. */
function rows(heading: string): string[][] {
  const [, section = ''] = theirs.split(`### ${heading}\n`);
  const [own = ''] = section.split('\n### ');
  const lines = own.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.replaceAll('`', '')),
  );
}

describe('docs/errors.md', () => {
  it('has one entry for each error code, in the order of the code', () => {
    expect([...entries.keys()]).toEqual([...errorCodes]);
  });

  it.each(errorCodes)(
    'says of %s what happened, what the product does, and the remedy that its events carry',
    (code) => {
      const entry = entries.get(code) ?? '';
      for (const part of ['What happened', 'What the product does'])
        expect(entry).toMatch(new RegExp(`^- ${part}: \\S`, 'm'));
      expect(entry.split('- What to do: ')[1]?.replace(/\s+/g, ' ').trim()).toBe(remedies[code]);
    },
  );

  it('has every code of the API with its meaning', () => {
    const meanings = Object.entries(apiMeanings).map(([code, { code: meaning }]) => [code, meaning]);
    expect(rows('Management Activity API')).toEqual(meanings);
  });

  it('has every AADSTS code with its meaning', () => {
    const meanings = loginMeanings.map(({ codes, code, what }) => [
      codes.map((each) => `AADSTS${each}`).join(', '),
      code,
      what,
    ]);
    expect(rows('Entra ID')).toEqual(meanings);
  });

  it('has every code of storage with its meaning', () => {
    expect(rows('Storage')).toEqual(
      storageMeanings.map(({ codes, what }) => [codes.join(', '), 'storage_refused', what]),
    );
  });

  it('says what each answer of Sekoia.io is taken for', () => {
    const sekoia = createSekoia({ type: 'sekoia', url: 'https://intake.sekoia.io', intakeKey: new Secret('k') });
    const batch = { lines: Buffer.from('{}\n'), records: 1 };
    const found = rows('Sekoia.io');
    expect(found.length).toBeGreaterThan(9);
    for (const [answer = '', meaning] of found) {
      const status = Number(answer.slice(0, 3));
      const fault = sekoia.classify({ status, body: '{"event_ids":[]}', retryAfter: undefined }, batch);
      expect([answer, fault?.code]).toEqual([answer, meaning]);
    }
  });
});
