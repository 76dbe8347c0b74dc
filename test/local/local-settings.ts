import { readFile } from 'node:fs/promises';

/**
 * The values of local.settings.json.
 *
 * @returns undefined when there is no such file.
 * @throws when it is not of that form.
 */
export async function readLocalSettings(file: string): Promise<Record<string, string> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { Values: values } = parse(text, file);
  if (typeof values !== 'object' || values === null) throw new Error(`${file} has no "Values".`);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** Node's own message would quote the text, which may hold a secret. */
function parse(text: string, file: string): { readonly Values?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Error(`${file} is not JSON. Compare it with local.settings.sample.json.`);
    throw error;
  }
}
