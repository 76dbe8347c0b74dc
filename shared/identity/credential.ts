import type { TokenCredential } from '@azure/identity';
import { cloudAddresses, isKnownLoginHost } from '../settings/clouds.ts';
import type { TenantSettings } from '../settings/settings.ts';
import { type LoginAnswers, watchLogin } from './login-answers.ts';
import { loginFault } from './login-faults.ts';
import { waitFor } from './wait-for.ts';

/** A fresh login: what it hands out was not cached anywhere before. */
export interface Credential {
  /** @throws CollectorError `login_refused`, `login_unavailable`. */
  getToken(scope: string): Promise<IssuedToken>;
}

/** A token as the login host gave it. */
export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
}

/** Makes a credential that has no memory of earlier logins. */
export type LoadCredential = (tenant: TenantSettings) => Promise<Credential>;

const requestTimeoutMs = 10_000;
const retryOptions = { maxRetries: 1, retryDelayInMs: 500, maxRetryDelayInMs: 1_000 };

/**
 * A new credential of the tenant, by @azure/identity, which is loaded at the first login and not at every cold start.
 *
 * Every call makes a new object because MSAL keeps tokens inside of it and would hand out the rejected one again.
 */
export const loadCredential: LoadCredential = async (tenant) => {
  const login = watchLogin(requestTimeoutMs);
  const credential = await build(tenant, login);
  return {
    async getToken(scope) {
      try {
        const issued = await credential.getToken(scope);
        if (issued?.token) return issued;
      } catch (error) {
        throw loginFault(error, tenant, login.last());
      }
      throw loginFault(new Error('the answer held no token'), tenant, login.last());
    },
  };
};

async function build(tenant: TenantSettings, login: LoginAnswers): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  const { tenantId, clientId, credential, authorityHost } = tenant;
  const options = {
    retryOptions,
    // A redirect would carry the secret to another host.
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [login.policy],
    authorityHost,
    // MSAL would ask Microsoft whether the host is one of its own; only Microsoft's are.
    disableInstanceDiscovery: !isKnownLoginHost(authorityHost),
  };
  switch (credential.kind) {
    case 'client-secret':
      return new identity.ClientSecretCredential(tenantId, clientId, credential.secret.reveal(), options);
    case 'client-certificate':
      return new identity.ClientCertificateCredential(
        tenantId,
        clientId,
        { certificate: credential.pem.reveal() },
        options,
      );
    case 'managed-identity': {
      const managed = new identity.ManagedIdentityCredential({
        retryOptions,
        clientId: credential.managedIdentityClientId,
      });
      const { assertionScope } = cloudAddresses[tenant.cloud];
      const assertion = async () => {
        try {
          // The SDK knows no time limit here, sits a Retry-After out within the call, and takes no policy that could do better.
          return (await waitFor(managed.getToken(assertionScope), AbortSignal.timeout(requestTimeoutMs))).token;
        } catch (error) {
          // MSAL would wrap this as a fault of its own; this way it comes out as it is, and says whose it is.
          throw loginFault(new Error('ManagedIdentityCredential: no token', { cause: error }), tenant);
        }
      };
      return new identity.ClientAssertionCredential(tenantId, clientId, assertion, options);
    }
  }
}
