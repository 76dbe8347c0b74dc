import * as z from 'zod';
import type { Given, GivenSettings } from './given.ts';
import { type Problems, problem, shown } from './problems.ts';
import type { TenantValues } from './tenant.ts';

const itemText = z
  .string(problem('is not a text', 'a JSON string', 'Put it in quotes.'))
  .transform((value) => value.trim() || undefined)
  .nullish();

const itemList = z
  .custom<string | readonly string[]>(
    (value) => [value].flat().every((element) => typeof element === 'string'),
    problem('is neither a list nor a text', 'such as ["Audit.Exchange","Audit.General"]', 'Correct it.'),
  )
  .transform((value) => [value].flat().join(',').trim() || undefined)
  .nullish();

/** One item of `TENANTS`. Whatever it leaves out, the one-tenant block gives. */
const itemSchema = strict({
  name: itemText,
  tenantId: itemText,
  clientId: itemText,
  clientSecretSetting: itemText,
  clientCertificateSetting: itemText,
  managedIdentityClientId: itemText,
  cloud: itemText,
  contentTypes: itemList,
  publisherId: itemText,
  destination: strict({ type: itemText, intakeKeySetting: itemText, region: itemText, url: itemText }).nullish(),
});

/** Reads one item of the array; `where` is such as `TENANTS item 2`. Undefined when its form is wrong, which is then noted. */
export function readItem(
  item: unknown,
  where: string,
  block: TenantValues,
  given: GivenSettings,
  problems: Problems,
): TenantValues | undefined {
  const result = itemSchema.safeParse(item);
  if (!result.success) {
    for (const { path, message } of result.error.issues)
      problems.add([where, path.join('.')].filter(Boolean).join(', '), message);
    return undefined;
  }
  const { destination, ...fields } = result.data;
  const at = (field: string, value: string | null | undefined): Given | undefined =>
    value ? { from: `${where}, ${field}`, value } : undefined;
  const named = (field: string, setting: string | null | undefined): Given | undefined =>
    setting ? follow(setting, `${where}, ${field}`, given, problems) : undefined;
  const own = {
    clientSecret: named('clientSecretSetting', fields.clientSecretSetting),
    clientCertificate: named('clientCertificateSetting', fields.clientCertificateSetting),
    managedIdentityClientId: at('managedIdentityClientId', fields.managedIdentityClientId),
  };
  const region = at('destination.region', destination?.region);
  const inherited = block.destination;
  return {
    name: at('name', fields.name),
    tenantId: at('tenantId', fields.tenantId) ?? block.tenantId,
    clientId: at('clientId', fields.clientId) ?? block.clientId,
    cloud: at('cloud', fields.cloud) ?? block.cloud,
    contentTypes: at('contentTypes', fields.contentTypes) ?? block.contentTypes,
    publisherId: at('publisherId', fields.publisherId) ?? block.publisherId,
    credential: Object.values(own).some((value) => value !== undefined) ? own : block.credential,
    destination: {
      type: at('destination.type', destination?.type) ?? inherited.type,
      intakeKey: named('destination.intakeKeySetting', destination?.intakeKeySetting) ?? inherited.intakeKey,
      region: region ?? inherited.region,
      // A region of its own must win over an address that was meant for the others.
      url: at('destination.url', destination?.url) ?? (region === undefined ? inherited.url : undefined),
    },
    missingAt: {
      tenantId: `${where}, tenantId`,
      clientId: `${where}, clientId`,
      credential: `${where}, clientSecretSetting, clientCertificateSetting or managedIdentityClientId`,
      intakeKey: `${where}, destination.intakeKeySetting`,
    },
  };
}

/** The value of the setting that a `…Setting` field names. The name is not repeated: it may be the secret itself. */
function follow(setting: string, from: string, given: GivenSettings, problems: Problems): Given {
  const found = given.ofAny(setting);
  if (found !== undefined) return found;
  problems.add(
    from,
    problem(
      'names a setting that does not exist or is empty',
      'the name of another application setting, which holds the secret',
      'Add that setting or correct the name, which is not repeated here in case it is the secret itself.',
    ),
  );
  return { from };
}

/** An object that refuses unknown keys: a misspelt one would be ignored in silence, and a secret has no place here. */
function strict<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return problem('is not an object', `one with ${known}`, 'Correct it.');
      const keys = issue.keys.map(shown).join(', ');
      return /secret|certificate|key|password|token|pem/i.test(issue.keys.join(' '))
        ? problem(
            `holds a secret inside the JSON (${keys})`,
            'the name of another application setting in clientSecretSetting, clientCertificateSetting or destination.intakeKeySetting',
            'Move the value to a setting of its own, best a Key Vault reference, and replace the secret: it stood in plain text.',
          )
        : problem(`has unknown keys (${keys})`, known, 'Correct or remove them.');
    },
  });
}
