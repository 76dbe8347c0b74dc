/** The claims or the header of a token. */
export interface Claims extends Readonly<Record<string, unknown>> {
  readonly exp?: unknown;
  readonly nbf?: unknown;
}

/** A part of a token: JSON in base64url. */
export function encodedPart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** What a part of a token says; undefined when it is none. */
export function decodedPart(part: string | undefined): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** Nobody verifies it, but it looks like one. */
export function unverifiedSignature(word: string): string {
  return Buffer.from(word.repeat(24)).toString('base64url');
}
