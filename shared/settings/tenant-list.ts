import * as z from 'zod';
import { check, type GivenSettings } from './given.ts';
import { brokenAt } from './json-position.ts';
import { type Problems, problem } from './problems.ts';
import type { TenantSettings } from './settings.ts';
import { findSetting } from './settings-table.ts';
import { type AddressOverrides, blockTenant, readTenant, type TenantValues } from './tenant.ts';
import { readItem } from './tenant-item.ts';
import { guid } from './values.ts';

/** The tenants of the app: those of `TENANTS`, `TENANTS_2`, … in this order, or the one of the one-tenant block. */
export function readTenants(given: GivenSettings, overrides: AddressOverrides, problems: Problems): TenantSettings[] {
  const block = blockTenant(given);
  const lists = listNames(given, problems);
  const all = lists.length === 0 ? [block] : lists.flatMap((list) => readList(list, block, given, problems));
  noteTwice(all, problems);
  return all.flatMap((values) => readTenant(values, overrides, problems) ?? []);
}

/** Names such as `TENANTS_1` are noted: read by nobody, their tenants would be missing in silence. */
function listNames(given: GivenSettings, problems: Problems): string[] {
  const names = given.names().filter((name) => /^TENANTS(_?\d+)?$/.test(name));
  for (const name of names) {
    if (findSetting(name) !== undefined) continue;
    problems.add(name, problem('is not read', 'TENANTS, TENANTS_2, TENANTS_3 and so on', 'Rename it.'));
  }
  const numberOf = (name: string) => Number(/\d+$/.exec(name)?.[0] ?? 1);
  return names.sort((a, b) => numberOf(a) - numberOf(b));
}

function readList(name: string, block: TenantValues, given: GivenSettings, problems: Problems): TenantValues[] {
  const items = check(jsonArray, given.ofAny(name), problems) ?? [];
  return items.flatMap((item, index) => readItem(item, `${name} item ${index + 1}`, block, given, problems) ?? []);
}

const jsonArray = z.string().transform((text, context): readonly unknown[] => {
  const expected = 'a JSON array of tenants, such as [{ "tenantId": "…", "clientId": "…" }]';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const position = brokenAt(text);
    const before = text.slice(0, position).split('\n');
    const place = `position ${position} (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
    context.addIssue(problem(`is JSON that breaks at ${place}`, expected, 'Correct it there.'));
    return z.NEVER;
  }
  if (Array.isArray(value) && value.length > 0) return value;
  const wrong = Array.isArray(value) ? 'lists no tenant' : 'is not a JSON array';
  context.addIssue(
    problem(wrong, expected, 'Correct it, or remove the setting to collect the one tenant of TENANT_ID.'),
  );
  return z.NEVER;
});

/** One tenant twice would share a ledger partition and race itself. */
function noteTwice(all: readonly TenantValues[], problems: Problems): void {
  const first = new Map<string, TenantValues>();
  for (const values of all) {
    const tenantId = check(guid, values.tenantId, problems);
    const earlier = tenantId && first.get(tenantId);
    if (earlier) {
      problems.add(
        values.missingAt.tenantId,
        problem(`is the tenant of ${earlier.missingAt.tenantId} again`, 'every tenant once', 'Remove one of the two.'),
      );
    } else if (tenantId) first.set(tenantId, values);
  }
}
