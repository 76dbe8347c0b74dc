import type * as z from 'zod';
import { httpsOriginUrl, originUrl } from './addresses.ts';
import { check, giveSettings } from './given.ts';
import { createProblems } from './problems.ts';
import { schedule } from './schedule.ts';
import type { Settings } from './settings.ts';
import type { SettingName } from './settings-table.ts';
import { readStorage } from './storage.ts';
import { readTenants } from './tenant-list.ts';
import { hours } from './values.ts';

/**
 * Reads and checks all application settings; values are trimmed, and an empty one counts as missing.
 *
 * What is wrong with one of several tenants leaves that one out; what leaves nothing that works is thrown.
 *
 * @throws CollectorError `settings_invalid`, once for everything that is wrong: one line a problem with the setting's
 * name, what is wrong, what was expected and what to do; never the value of a secret.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems = createProblems();
  const given = giveSettings(environment);
  const read = <T>(name: SettingName, schema: z.ZodType<T, string>) => check(schema, given.of(name), problems);

  const managementApiUrl = read('MANAGEMENT_API_URL', originUrl);
  const authorityHost = read('AUTHORITY_HOST', httpsOriginUrl);
  const { tenants, leftOut } = readTenants(given, { managementApiUrl, authorityHost }, problems);
  const listingSchedule = read('LISTING_SCHEDULE', schedule);
  const reconcileSchedule = read('RECONCILE_SCHEDULE', schedule);
  const backfillHours = read('BACKFILL_HOURS', hours);
  const lateListingHours = read('LATE_LISTING_HOURS', hours);
  const storage = readStorage(given, problems);

  if (tenants.length === 0 || problems.found.length > 0) problems.include(leftOut.flatMap((part) => part.problems));
  problems.throwIfAny();
  if (
    !listingSchedule ||
    !reconcileSchedule ||
    backfillHours === undefined ||
    lateListingHours === undefined ||
    !storage
  ) {
    throw new Error('A setting was refused without a problem being noted');
  }
  return { tenants, leftOut, listingSchedule, reconcileSchedule, backfillHours, lateListingHours, storage };
}
