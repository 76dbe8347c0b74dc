import * as z from 'zod';
import { reject } from './values.ts';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

/** Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions */
const fields: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  {
    name: 'month',
    min: 1,
    max: 12,
    words: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
  },
  {
    name: 'day of the week',
    min: 0,
    max: 6,
    words: 'sun mon tue wed thu fri sat'.split(' '),
  },
];

const expected = 'six fields in UTC: second minute hour day month weekday, such as 0 * * * * *';

/**
 * An NCRONTAB expression of six fields, single spaces between them.
 *
 * It knows lists, ranges, steps and English names. What it lets through can still be a day that never comes (31 February).
 */
export const schedule = z.string().transform((text, context): string => {
  const parts = text.split(/\s+/);
  if (parts.length === 5) {
    return reject(context, 'has five fields', expected, 'Put the field for the second in front.');
  }
  if (parts.length !== 6) {
    return reject(context, `has ${parts.length} of six fields`, expected, 'Write it as an NCRONTAB expression.');
  }
  const bad = fields.find((field, index) => !isValid(parts[index] ?? '', field));
  if (bad === undefined) return parts.join(' ');
  return reject(
    context,
    `has a field that cannot be read, the one for the ${bad.name}`,
    `${expected}; the ${bad.name} is * or from ${bad.min} to ${bad.max}`,
    'Correct that field.',
  );
});

function isValid(text: string, field: Field): boolean {
  return text.split(',').every((item) => {
    const [span = '', step, ...more] = item.split('/');
    if (more.length > 0 || (step !== undefined && !(/^\d{1,2}$/.test(step) && Number(step) > 0))) return false;
    if (span === '*') return true;
    const [from = '', to, ...rest] = span.split('-');
    const first = valueIn(from, field);
    const last = to === undefined ? first : valueIn(to, field);
    return rest.length === 0 && first !== undefined && last !== undefined && first <= last;
  });
}

function valueIn(text: string, field: Field): number | undefined {
  const word = field.words?.indexOf(text.toLowerCase().slice(0, 3)) ?? -1;
  if (word >= 0 && /^[a-z]+$/i.test(text)) return field.min + word;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : undefined;
}
