import type { TokenCredential } from '@azure/identity';

/**
 * A managed identity of the app for the SDKs; @azure/identity is loaded when they first ask for a token.
 *
 * @param clientId of a user-assigned identity; undefined is the app's own.
 */
export function managedIdentity(clientId: string | undefined): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;

  async function load(): Promise<TokenCredential> {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential();
  }

  return {
    async getToken(scopes, options) {
      credential ??= load();
      return (await credential).getToken(scopes, options);
    },
  };
}
