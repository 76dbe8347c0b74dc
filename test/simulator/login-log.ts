import { isSignedByClient } from './client-proof.ts';
import { decodedPart } from './jwt.ts';

/** One request for a token. */
export interface LoginAttempt {
  readonly tenantId: string;
  readonly scope: string;
  readonly proof: ShownProof;
  /** The code it was refused with; without it a token was given. */
  readonly refused?: number;
}

/** How a client proved itself, without anything secret. */
export type ShownProof =
  | { readonly method: 'client secret' | 'nothing' }
  | {
      readonly method: 'assertion signed by the client' | 'federated assertion';
      readonly issuer: unknown;
      readonly subject: unknown;
      readonly audience: unknown;
      /** SHA-256 of the certificate that the assertion names, in hexadecimal digits; empty without one. */
      readonly thumbprint: string;
    };

/** What can be said of the proof in a token request. */
export function shownProof(form: ReadonlyMap<string, string>, tokenEndpoint: string): ShownProof {
  if (form.has('client_secret')) return { method: 'client secret' };
  const [head, body] = form.get('client_assertion')?.split('.') ?? [];
  const claims = decodedPart(body);
  if (claims === undefined) return { method: 'nothing' };
  const own = isSignedByClient(claims, form.get('client_id') ?? '', tokenEndpoint);
  return {
    method: own ? 'assertion signed by the client' : 'federated assertion',
    issuer: claims['iss'],
    subject: claims['sub'],
    audience: claims['aud'],
    thumbprint: Buffer.from(String(decodedPart(head)?.['x5t#S256'] ?? ''), 'base64url').toString('hex'),
  };
}
