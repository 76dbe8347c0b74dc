import * as z from 'zod';
import { check, type GivenSettings } from './given.ts';
import { brokenAt } from './json-position.ts';
import { createProblems, type Problems, problem } from './problems.ts';
import type { LeftOut, TenantSettings } from './settings.ts';
import { findSetting } from './settings-table.ts';
import { type AddressOverrides, blockTenant, readTenant, type TenantValues } from './tenant.ts';
import { readItem } from './tenant-item.ts';
import { guid, text } from './values.ts';

/** The tenants that can be read, in the order of the settings, and what is left out. */
export interface ReadTenants {
  readonly tenants: readonly TenantSettings[];
  readonly leftOut: readonly LeftOut[];
}

/** An item of a list, with what is wrong with it. */
interface Item {
  readonly where: string;
  /** Absent when its form is wrong. */
  readonly values: TenantValues | undefined;
  readonly problems: Problems;
}

/** Reads `TENANTS`, `TENANTS_2`, …, or the one-tenant block, whose problems go to `problems`. */
export function readTenants(given: GivenSettings, overrides: AddressOverrides, problems: Problems): ReadTenants {
  const block = blockTenant(given);
  const names = listNames(given);
  if (names.length === 0) {
    const tenant = readTenant(block, overrides, problems);
    return { tenants: tenant ? [tenant] : [], leftOut: [] };
  }
  const items = names.flatMap((name) => readList(name, block, given));
  noteTwice(items);
  const tenants: TenantSettings[] = [];
  const leftOut: LeftOut[] = [];
  for (const item of items) {
    const tenant = item.values && readTenant(item.values, overrides, item.problems);
    const { found } = item.problems;
    if (tenant && found.length === 0) tenants.push(tenant);
    else leftOut.push({ where: item.where, ...named(item.values), problems: found });
  }
  return { tenants, leftOut };
}

/** The lists in the order of their numbers, and what is named so much like one that its tenants would be missing in silence. */
function listNames(given: GivenSettings): string[] {
  const numberOf = (name: string) => Number(/\d+$/.exec(name)?.[0] ?? 1);
  return given
    .names()
    .filter((name) => /^TENANTS(_?\d+)?$/.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function readList(name: string, block: TenantValues, given: GivenSettings): Item[] {
  const problems = createProblems();
  if (findSetting(name) === undefined) {
    problems.add(name, problem('is not read', 'TENANTS, TENANTS_2, TENANTS_3 and so on', 'Rename it.'));
    return [{ where: name, values: undefined, problems }];
  }
  const items = check(jsonArray, given.ofAny(name), problems);
  if (items === undefined) return [{ where: name, values: undefined, problems }];
  return items.map((item, index) => {
    const where = `${name} item ${index + 1}`;
    const own = createProblems();
    return { where, values: readItem(item, where, block, given, own), problems: own };
  });
}

/** As far as they can be read, for people. */
function named(values: TenantValues | undefined): Pick<LeftOut, 'tenantId' | 'name'> {
  const unheard = createProblems();
  return {
    tenantId: check(guid, values?.tenantId, unheard),
    name: check(text, values?.name, unheard),
  };
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

/**
 * One tenant twice would share a ledger partition and race itself. Nobody can tell which of the two is meant, and whose audit log
 * would go to whose destination, so both are left out.
 */
function noteTwice(items: readonly Item[]): void {
  const byTenantId = Map.groupBy(items, ({ values }) => check(guid, values?.tenantId, createProblems()));
  for (const [tenantId, same] of byTenantId) {
    if (tenantId === undefined || same.length < 2) continue;
    for (const { where, values, problems } of same) {
      const others = same.filter((other) => other.where !== where).map((other) => other.where);
      problems.add(
        values?.missingAt.tenantId ?? where,
        problem(`is the tenant of ${others.join(' and ')} again`, 'every tenant once', 'Remove all but one of them.'),
      );
    }
  }
}
