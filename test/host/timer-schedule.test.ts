import { expect, test } from 'vitest';
import { parseSchedule } from './timer-schedule.ts';

function times(expression: string, from: string, to: string): string[] {
  return [...parseSchedule(expression).between(new Date(from), new Date(to))].map((time) => time.toISOString());
}

test('occurrences are after the start, up to and with the end, in UTC', () => {
  expect(times('30 */10 * * * *', '2026-11-22T10:00:30Z', '2026-11-22T10:20:30Z')).toEqual([
    '2026-11-22T10:10:30.000Z',
    '2026-11-22T10:20:30.000Z',
  ]);
});

test('five fields have no seconds; steps may start at a number', () => {
  expect(times('59 23 * * *', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z')).toEqual(['2026-11-22T23:59:00.000Z']);
  expect(times('0 50/5 10 * * *', '2026-11-22T10:00:00Z', '2026-11-22T12:00:00Z')).toEqual([
    '2026-11-22T10:50:00.000Z',
    '2026-11-22T10:55:00.000Z',
  ]);
});

test('a day of the month and a day of the week must both match', () => {
  expect(
    times('0 0 0 13 * 5', '2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z').map((time) => time.slice(0, 10)),
  ).toEqual(['2026-02-13', '2026-03-13', '2026-11-13']);
});

test.each([
  '',
  'soon',
  '* * * *',
  '0 0 0 L * *',
  '0 0 0 ? * 1',
  '@daily',
  '0 61 * * * *',
  '0 0 0 1W * *',
  '0 0 0 * * 5#2',
])('«%s» is no NCRONTAB expression', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(`The schedule expression '${expression}' was not recognized`);
});

test('schedules of less than a minute are told apart', () => {
  expect(parseSchedule('*/30 * * * * *').underOneMinute).toBe(true);
  expect(parseSchedule('0 * * * * *').underOneMinute).toBe(false);
});
