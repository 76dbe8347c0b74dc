import type { IssuedToken, LoadCredential } from '../../shared/identity/credential.ts';
import { Secret } from '../../shared/settings/secret.ts';
import type { TenantSettings } from '../../shared/settings/settings.ts';

export const minute = 60_000;

/** A tenant with a client secret. */
export const tenant: TenantSettings = {
  name: 'Contoso',
  tenantId: '8d3c1e0a-5b7f-4c2e-9a6d-0f1e2d3c4b5a',
  clientId: 'c0ffee00-1234-4abc-8def-00112233aabb',
  credential: { kind: 'client-secret', secret: new Secret('hush~hush/1') },
  cloud: 'worldwide',
  contentTypes: ['Audit.General'],
  publisherId: '8d3c1e0a-5b7f-4c2e-9a6d-0f1e2d3c4b5a',
  managementApiUrl: 'https://manage.office.com',
  tokenScope: 'https://manage.office.com/.default',
  authorityHost: 'https://login.microsoftonline.com',
  destination: { type: 'sekoia', url: 'https://intake.sekoia.io', intakeKey: new Secret('key') },
};

/** A login host with a clock: it numbers the tokens that it issues, and can be made slow, faulty or repetitive. */
export interface FakeLogin {
  readonly loadCredential: LoadCredential;
  readonly now: () => number;
  /** How long the tokens issued from now on live. */
  lifeMs: number;
  /** Every login issues this token, until it is undefined again. */
  repeat: string | undefined;
  /** The next logins fail with this. */
  fault: Error | undefined;
  /** How many logins were made. */
  logins(): number;
  /** The scopes that tokens were asked for. */
  scopes(): readonly string[];
  pass(ms: number): void;
  /** Answers are held back until the function it returns is called. */
  holdBack(): () => void;
}

/** A login host whose tokens live an hour. */
export function createFakeLogin(): FakeLogin {
  let time = Date.UTC(2026, 0, 1);
  let gate: Promise<void> = Promise.resolve();
  const scopes: string[] = [];
  const login: FakeLogin = {
    lifeMs: 60 * minute,
    repeat: undefined,
    fault: undefined,
    now: () => time,
    logins: () => scopes.length,
    scopes: () => scopes,
    pass(ms) {
      time += ms;
    },
    holdBack() {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    async loadCredential() {
      return {
        async getToken(scope): Promise<IssuedToken> {
          scopes.push(scope);
          const token = login.repeat ?? `token-${scopes.length}`;
          await gate;
          if (login.fault) throw login.fault;
          return { token, expiresOnTimestamp: time + login.lifeMs };
        },
      };
    },
  };
  return login;
}
