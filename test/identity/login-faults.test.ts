import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loginMeaning, loginMeanings } from '../../shared/identity/login-codes.ts';
import { loginFault } from '../../shared/identity/login-faults.ts';
import { Secret } from '../../shared/settings/secret.ts';
import { tenant } from './fake-login.ts';

/** As @azure/identity words a refusal of the login host. */
function refusal(description: string): Error {
  return new Error(
    `invalid_client: Error(s): 1 - Timestamp: 2026-01-01 00:00:00Z - Description: ${description} - Correlation ID: c - Trace ID: t`,
  );
}

describe('a refused login', () => {
  it('says what happened, to which tenant, what the product does and what to do', () => {
    const fault = loginFault(
      refusal(
        "AADSTS7000222: The provided client secret keys for app 'x' are expired. Trace ID: 12-34 Correlation ID: 5",
      ),
      tenant,
      { status: 401 },
    );
    expect(fault).toMatchObject({
      code: 'login_refused',
      disposition: 'fault',
      externalCode: 'AADSTS7000222',
      status: 401,
    });
    expect(fault.message).toContain(
      `to tenant Contoso (${tenant.tenantId}) was refused: the client secret has expired`,
    );
    expect(fault.message).toContain("(AADSTS7000222: The provided client secret keys for app 'x' are expired)");
    expect(fault.message).toContain('the login is tried again every few minutes');
    expect(fault.remedy).toContain('Certificates & secrets, add a new client secret');
    expect(fault.message).not.toContain('Trace ID');
    expect(fault.message).not.toContain('\n');
  });

  it.each([
    ['AADSTS7000215', 'put its value (not its id)'],
    ['AADSTS700016', 'Check CLIENT_ID and TENANT_ID'],
    ['AADSTS7000229', `https://login.microsoftonline.com/${tenant.tenantId}/adminconsent?client_id=${tenant.clientId}`],
    ['AADSTS90002', 'Check CLOUD'],
    ['AADSTS900023', 'Check TENANT_ID'],
    ['AADSTS700027', 'compare the thumbprint'],
    ['AADSTS700213', 'object (principal) id'],
    ['AADSTS700236', 'in the same tenant'],
    ['AADSTS53003', 'Sign-in logs'],
  ])('%s has a remedy of its own', (code, remedy) => {
    const fault = loginFault(refusal(`${code}: Microsoft says so.`), tenant, { status: 400 });
    expect(fault).toMatchObject({ code: 'login_refused', externalCode: code });
    expect(fault.remedy).toContain(remedy);
    expect(`${fault.message} ${fault.remedy}`).not.toMatch(/[{}]/);
  });

  it('is one with a code that nobody knows yet, in the words of Microsoft', () => {
    const fault = loginFault(refusal('AADSTS999999: Something new.'), tenant, { status: 400 });
    expect(fault).toMatchObject({ code: 'login_refused', externalCode: 'AADSTS999999' });
    expect(fault.message).toContain('(AADSTS999999: Something new)');
  });

  it('is one without any code when OAuth names the client as the cause', () => {
    expect(loginFault(refusal('wrong'), tenant, { status: 401 })).toMatchObject({ code: 'login_refused' });
  });

  it('finds the code in a body that the SDK could not read', () => {
    const error = new Error('network_error: See https://aka.ms/msal.js.errors#network_error for details');
    const fault = loginFault(error, tenant, {
      status: 400,
      body: 'oops\r\nAADSTS7000215: Invalid client secret.\r\nx',
    });
    expect(fault).toMatchObject({ code: 'login_refused', externalCode: 'AADSTS7000215' });
    expect(fault.message).toContain('(AADSTS7000215: Invalid client secret)');
  });

  it('is one when the app lacks its managed identity', () => {
    const inner = new Error(
      'ManagedIdentityCredential: Authentication failed. Message 400 No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
    );
    const fault = loginFault(new Error('failed', { cause: inner }), tenant);
    expect(fault).toMatchObject({ code: 'login_refused', disposition: 'fault' });
    expect(fault.remedy).toContain('Settings, Identity, tab User assigned');
  });
});

describe('an unavailable login host', () => {
  const silent = new Error('network_error: See https://aka.ms/msal.js.errors#network_error for details');

  it.each([
    [{ status: 503 }, 'it answered with HTTP status 503'],
    [{ status: 429, retryAfterMs: 40_000 }, 'it answered with HTTP status 429'],
    [{ status: 403, body: '<html>proxy</html>' }, 'it answered with HTTP status 403'],
    [{ status: 500, body: 'AADSTS999999: unknown' }, 'it answered with HTTP status 500'],
    [{ status: 200 }, 'its answer held no token'],
    [{ networkCode: 'ENOTFOUND' }, 'it could not be reached (ENOTFOUND)'],
    [{ networkCode: 'timeout' }, 'no answer came in time'],
    [{ networkCode: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'NODE_EXTRA_CA_CERTS'],
    [undefined, 'its answer held no token'],
  ])('with the answer %j pauses', (answer, words) => {
    const fault = loginFault(silent, tenant, answer);
    expect(fault).toMatchObject({ code: 'login_unavailable', disposition: 'pause' });
    expect(`${fault.message} ${fault.remedy}`).toContain(words);
    expect(fault.retryAfterMs).toBe(answer && 'retryAfterMs' in answer ? answer.retryAfterMs : undefined);
  });

  it.each(['AADSTS90033', 'AADSTS50196', 'AADSTS90055'])('is what %s means', (code) => {
    const fault = loginFault(refusal(`${code}: Later.`), tenant, { status: 400 });
    expect(fault).toMatchObject({ code: 'login_unavailable', externalCode: code, disposition: 'pause' });
  });

  it('can be the managed identity endpoint', () => {
    const fault = loginFault(new Error('ManagedIdentityCredential: Network unreachable.'), tenant);
    expect(fault.code).toBe('login_unavailable');
    expect(fault.remedy).toContain('has to be assigned to the Function App');
  });
});

describe('the table of codes', () => {
  it('has each code once, with whole sentences', () => {
    const codes = loginMeanings.flatMap((meaning) => meaning.codes);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { codes, what, remedy } of loginMeanings) {
      expect(what, codes[0]).toMatch(/^[a-zA-Z].*[^.]$/);
      expect(remedy, codes[0]).toMatch(/^[A-Z{].*\.$/);
    }
    expect(loginMeaning('AADSTS7000222')?.code).toBe('login_refused');
    expect(loginMeaning('AADSTS1')).toBeUndefined();
  });
});

it('never repeats the credential, even when a host echoes the request', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8 }).filter((text) => text.trim() === text && !/^[\w:. ]*$/.test(text)),
      (text) => {
        const own = { ...tenant, credential: { kind: 'client-secret', secret: new Secret(text) } } as const;
        const echo = `AADSTS7000215: wrong ${text} or client_secret=${encodeURIComponent(text)}.`;
        const fault = loginFault(refusal(echo), own, { status: 401, body: echo });
        const printed = `${fault.message}${fault.remedy}${inspect(fault, { depth: 9, showHidden: true })}`;
        expect(printed).not.toContain(text);
        expect(printed).not.toContain(encodeURIComponent(text));
      },
    ),
  );
});
