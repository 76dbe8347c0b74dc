import fc from 'fast-check';
import { expect, it } from 'vitest';
import { brokenAt } from '../../shared/settings/json-position.ts';

it('finds the first character that does not belong', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, seed) => {
      const lines = JSON.stringify(value, null, 1).split('\n');
      const before = lines.slice(0, seed % lines.length).map((line) => `${line}\n`);
      const line = lines[seed % lines.length] ?? '';
      const indent = line.length - line.trimStart().length;
      const position = before.join('').length + indent;
      const text = lines.join('\n');
      expect(brokenAt(`${text.slice(0, position)}@${text.slice(position)}`)).toBe(position);
    }),
  );
});

it('finds where a text was cut off or goes on', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (value) => {
      const text = JSON.stringify(value);
      expect(brokenAt(text.slice(0, -1))).toBe(text.length - 1);
      expect(brokenAt(`${text} ]`)).toBe(text.length + 1);
    }),
  );
});

it.each([
  ['', 0],
  ['[01]', 1],
  ['["a\nb"]', 1],
  ['{"a" 1}', 5],
  ['{a:1}', 1],
  ['["a",]', 5],
  ["['a']", 1],
  ['{"a":“b”}', 5],
])('stops in %j at %i', (text, position) => {
  expect(brokenAt(text)).toBe(position);
});
