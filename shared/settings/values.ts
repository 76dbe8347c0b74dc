import * as z from 'zod';
import { problem, shown } from './problems.ts';
import { type Cloud, type ContentType, clouds, contentTypes } from './settings.ts';

const hex = '[0-9a-f]';
const guidPattern = new RegExp(`^${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}$`);

/** A GUID, lower-cased. */
export const guid = z.string().transform((text, context): string => {
  const lower = text.toLowerCase();
  if (guidPattern.test(lower)) return lower;
  const isDomain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(lower);
  return reject(
    context,
    isDomain ? 'is a domain name and not a GUID' : `is not a GUID (its length is ${text.length})`,
    'a GUID such as 8d3c1e0a-5b7f-4c2e-9a6d-0f1e2d3c4b5a',
    'Copy it from the Overview page in the Microsoft Entra admin center.',
  );
});

/** The name of a cloud, in any case. */
export const cloudName = z.string().transform((text, context): Cloud => {
  const found = clouds.find((cloud) => cloud === text.toLowerCase());
  return found ?? reject(context, 'is not a known cloud', `one of ${clouds.join(', ')}`, 'Put one of these names.');
});

/** A comma list of content types in any case, each kept once, in the order given. */
export const contentTypeList = z.string().transform((text, context): readonly ContentType[] => {
  const names = text.split(',').flatMap((part) => part.trim() || []);
  const valid = contentTypes.join(', ');
  if (names.length === 0) {
    return reject(context, 'lists no content type', `a comma list of ${valid}`, 'Name at least one, or leave it out.');
  }
  const known = names.map((name) => contentTypes.find((type) => type.toLowerCase() === name.toLowerCase()));
  const unknown = names.filter((_, index) => known[index] === undefined).map(shown);
  if (unknown.length > 0) {
    return reject(context, `lists what is no content type: ${unknown.join(', ')}`, valid, 'Correct or remove these.');
  }
  return [...new Set(known.filter((type) => type !== undefined))];
});

/** A whole number of hours, 0 to 167: the API reaches back seven days, less an hour to be safe. */
export const hours = z.string().transform((text, context): number => {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 167) return value;
  return reject(
    context,
    'is not a number of hours that the API can reach back',
    'a whole number from 0 to 167',
    'Correct the number, or remove the setting to have 24.',
  );
});

/** The name of a Sekoia region, lower-cased. */
export const sekoiaRegion = z.string().transform((text, context): string => {
  if (/^[a-z]{2,5}\d{1,2}$/.test(text.toLowerCase())) return text.toLowerCase();
  return reject(
    context,
    'is not the name of a Sekoia region',
    'a name such as fra1, fra2, mco1, uae1 or usa1',
    'Take it from the address of your Sekoia workspace, or set SEKOIA_INTAKE_URL instead.',
  );
});

/** A key that travels in an HTTP header. */
export const headerKey = z.string().transform((key, context): string => {
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  return reject(
    context,
    'holds a space, a line break or a character that no key has',
    'the key alone',
    'Copy the key again.',
  );
});

/** Any text; for values whose form nobody knows. */
export const text = z.string();

/** Notes what is wrong with the value being read. */
export function reject(context: z.RefinementCtx, wrong: string, expected: string, remedy: string): never {
  context.addIssue({
    code: 'custom',
    message: problem(wrong, expected, remedy),
  });
  return z.NEVER;
}
