import * as z from 'zod';
import { intakeUrl } from './addresses.ts';
import { check, checkRequired, type Given, type GivenSettings } from './given.ts';
import type { Problems } from './problems.ts';
import { Secret } from './secret.ts';
import type { DestinationSettings, SekoiaSettings } from './settings.ts';
import { headerKey, reject, sekoiaRegion } from './values.ts';

/** What an operator said about where a tenant's records go. */
export interface DestinationValues {
  readonly type: Given | undefined;
  readonly intakeKey: Given | undefined;
  readonly region: Given | undefined;
  readonly url: Given | undefined;
}

/** The destination of the one-tenant block, which every tenant has that names none. */
export function blockDestination(given: GivenSettings): DestinationValues {
  return {
    type: given.of('DESTINATION'),
    intakeKey: given.of('SEKOIA_INTAKE_KEY'),
    region: given.of('SEKOIA_REGION'),
    url: given.of('SEKOIA_INTAKE_URL'),
  };
}

/** Reads a destination; `missingKeyAt` is the setting to name when there is no key. */
export function readDestination(
  values: DestinationValues,
  missingKeyAt: string,
  problems: Problems,
): DestinationSettings | undefined {
  const type = check(destinationType, values.type, problems);
  return type === 'sekoia' ? readSekoia(values, missingKeyAt, problems) : undefined;
}

const destinationType = z.string().transform((name, context): 'sekoia' => {
  if (name.toLowerCase() === 'sekoia') return 'sekoia';
  return reject(context, 'is not a known destination', 'sekoia', 'Put that, or remove the setting.');
});

function readSekoia(values: DestinationValues, missingKeyAt: string, problems: Problems): SekoiaSettings | undefined {
  const meaning = 'the intake key of a "Microsoft 365 / Office 365" intake in Sekoia.io';
  const key = checkRequired(headerKey, values.intakeKey, missingKeyAt, meaning, problems);
  const url = values.url === undefined ? readRegion(values.region, problems) : check(intakeUrl, values.url, problems);
  return key && url ? { type: 'sekoia', url, intakeKey: new Secret(key) } : undefined;
}

/**
 * The base URL of a region's intake.
 *
 * Source: https://docs.sekoia.io/getting_started/regions/ (hosts). Some vendors' pages show another host for usa1:
 * `SEKOIA_INTAKE_URL` is there for such a case.
 */
function readRegion(given: Given | undefined, problems: Problems): string | undefined {
  const region = check(sekoiaRegion, given, problems);
  if (region === 'fra1') return 'https://intake.sekoia.io';
  return region && `https://intake.${region}.sekoia.io/api/v1/intake-http`;
}
