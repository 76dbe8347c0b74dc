/** Application settings by name; undefined stands for one that is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Puts in the application settings that a binding refers to as `%NAME%`.
 *
 * @throws when a setting is missing: then the real host does not load the function.
 */
export function resolveReferences(text: string, settings: Environment): string {
  return text.replace(/%([^%]*)%/g, (reference, name: string) => {
    const value = settings[name];
    if (value === undefined || value === '') {
      throw new Error(`'${reference}' does not resolve to a value.`);
    }
    return value;
  });
}

/**
 * The connection string that a binding's `connection` names: the setting of that name, or of that name after `AzureWebJobs`.
 *
 * @throws when there is none. Connections by identity are not for this host, which works on an emulator.
 */
export function resolveConnection(connection: string, settings: Environment): string {
  const value = settings[`AzureWebJobs${connection}`] ?? settings[connection];
  if (value === undefined || value === '') {
    throw new Error(
      `Storage account connection string '${connection}' does not exist. Make sure that it is a defined App Setting.`,
    );
  }
  return value;
}
