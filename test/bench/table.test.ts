import { expect, it } from 'vitest';
import { number, table } from './table.ts';

it('lines up a table', () => {
  expect(table(['what', 's'], [['one', '1.00'], ['thirteen']])).toBe(
    ['| what     |    s |', '| -------- | ---: |', '| one      | 1.00 |', '| thirteen |      |'].join('\n'),
  );
});

it('shows three significant digits', () => {
  expect([0.01234, 1.5, 12.345, 999.6, 1234.5, 0, Number.NaN].map(number)).toEqual([
    '0.0123',
    '1.50',
    '12.3',
    '1,000',
    '1,235',
    '0',
    '-',
  ]);
});
