import type { SimulatedTenant } from './simulated-tenant.ts';

/** A Key Vault secret holds 25 KB, and this leaves some room. */
const maxListBytes = 24_000;

/** `TENANTS`, `TENANTS_2` and so on for these tenants, with the client secrets and intake keys that they name. */
export function settingsOf(tenants: readonly SimulatedTenant[]): Record<string, string> {
  const secrets: Record<string, string> = {};
  const items = tenants.map(({ name, cloud, tenantId, clientId, clientSecret, intakeKey }) => {
    const prefix = name.toUpperCase().replace('-', '_');
    const clientSecretSetting = `${prefix}_CLIENT_SECRET`;
    const intakeKeySetting = `${prefix}_INTAKE_KEY`;
    secrets[clientSecretSetting] = clientSecret;
    secrets[intakeKeySetting] = intakeKey;
    const destination = { type: 'sekoia', intakeKeySetting };
    return { name, tenantId, clientId, cloud, clientSecretSetting, destination };
  });
  return { ...listsOf(items), ...secrets };
}

/** The items as JSON arrays, each in a setting of its own, as few as will do. */
export function listsOf(items: readonly object[]): Record<string, string> {
  const lists: string[][] = [[]];
  for (const item of items.map((each) => JSON.stringify(each))) {
    const last = lists.at(-1) ?? [];
    if (Buffer.byteLength([...last, item].join(',')) > maxListBytes) lists.push([item]);
    else last.push(item);
  }
  return Object.fromEntries(
    lists.map((list, index) => [index === 0 ? 'TENANTS' : `TENANTS_${index + 1}`, `[${list.join(',')}]`]),
  );
}
