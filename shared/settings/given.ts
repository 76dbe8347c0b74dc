import type * as z from 'zod';
import { type Problems, problem } from './problems.ts';
import { findSetting, type SettingName } from './settings-table.ts';

/** One value as the operator gave it. */
export interface Given {
  /** The setting it stands in, for the error: `CLIENT_ID`, or `TENANTS item 2, clientId`. */
  readonly from: string;
  /** Trimmed and not empty; absent where something is wrong with it that has been noted already. */
  readonly value?: string;
}

/** The application settings, by name. */
export interface GivenSettings {
  /** The value of a setting, or its default; undefined when it is missing or empty and has no default. */
  of(name: SettingName): Given | undefined;
  /** The value of any environment variable, for settings whose name stands in another one. */
  ofAny(name: string): Given | undefined;
  /** The names of all variables that hold something. */
  names(): string[];
}

/** Reads values out of an environment: trimmed, and empty means missing. */
export function giveSettings(environment: Readonly<Record<string, string | undefined>>): GivenSettings {
  const ofAny = (name: string): Given | undefined => {
    const value = Object.hasOwn(environment, name) ? environment[name]?.trim() : undefined;
    return value ? { from: name, value } : undefined;
  };
  return {
    of(name) {
      const standard = findSetting(name)?.default;
      return ofAny(name) ?? (standard === undefined ? undefined : { from: name, value: standard });
    },
    ofAny,
    names: () => Object.keys(environment).filter((name) => ofAny(name) !== undefined),
  };
}

/** Checks a value; undefined when none was given, or when it is wrong, which is then noted. */
export function check<T>(schema: z.ZodType<T, string>, given: Given | undefined, problems: Problems): T | undefined {
  if (given?.value === undefined) return undefined;
  if (/^@Microsoft\.KeyVault\(/i.test(given.value)) {
    problems.add(given.from, unresolved(given.value));
    return undefined;
  }
  const result = schema.safeParse(given.value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) problems.add(given.from, issue.message);
  return undefined;
}

/** Like `check`, but notes a missing value too. `from` is where the value should have stood. */
export function checkRequired<T>(
  schema: z.ZodType<T, string>,
  given: Given | undefined,
  from: string,
  meaning: string,
  problems: Problems,
): T | undefined {
  if (given === undefined) problems.add(from, problem('is missing', meaning, 'Add it to the settings of the app.'));
  return check(schema, given, problems);
}

/**
 * App Service leaves the reference itself in the setting when it cannot read the secret.
 *
 * Source: https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#troubleshoot-key-vault-references
 */
function unresolved(reference: string): string {
  const uri = /SecretUri=https:\/\/([\w-]+)\.[\w.-]+\/secrets\/([\w-]+)/i.exec(reference);
  const vault = uri?.[1] ?? /VaultName=([\w-]+)/i.exec(reference)?.[1];
  const secret = uri?.[2] ?? /SecretName=([\w-]+)/i.exec(reference)?.[1];
  const which = vault && secret ? ` (secret ${secret} in vault ${vault})` : '';
  return problem(
    `is a Key Vault reference${which} that Azure has not resolved`,
    'the value that the reference stands for',
    `Give the app's identity the role "Key Vault Secrets User" on the vault, check that the reference names an existing vault and secret, and let the vault's firewall admit the app; the setting's page in the portal shows the cause.`,
  );
}
