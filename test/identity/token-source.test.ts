import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTokenSource, type TokenSource } from '../../shared/identity/token-source.ts';
import { createFakeLogin, type FakeLogin, minute, tenant } from './fake-login.ts';

let login: FakeLogin;
let source: TokenSource;

beforeEach(() => {
  login = createFakeLogin();
  source = createTokenSource({ tenant, now: login.now, loadCredential: login.loadCredential });
});

describe('a token', () => {
  it('is fetched at the first call, for the audience of the cloud, and kept', async () => {
    expect(login.logins()).toBe(0);
    expect(await source.token()).toBe('token-1');
    login.pass(54 * minute);
    expect(await source.token()).toBe('token-1');
    expect(login.scopes()).toEqual([tenant.tokenScope]);
  });

  it('is fetched once for all who ask at the same time', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => source.token()));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(login.logins()).toBe(1);
  });

  it('is renewed in the background when less than five minutes are left', async () => {
    await source.token();
    login.pass(56 * minute);
    const answer = login.holdBack();
    expect(await source.token()).toBe('token-1');
    expect(await source.token()).toBe('token-1');
    answer();
    await turn();
    expect(await source.token()).toBe('token-2');
    expect(login.logins()).toBe(2);
  });

  it('is waited for when less than a minute is left', async () => {
    await source.token();
    login.pass(59 * minute);
    expect(await source.token()).toBe('token-2');
  });

  it('is still used when the early renewal fails, which is tried again half a minute later', async () => {
    await source.token();
    login.pass(55 * minute);
    login.fault = new Error('down');
    for (let call = 0; call < 3; call++) {
      expect(await source.token()).toBe('token-1');
      await turn();
    }
    expect(login.logins()).toBe(2);
    login.fault = undefined;
    login.pass(30_000);
    expect(await source.token()).toBe('token-1');
    await turn();
    expect(await source.token()).toBe('token-3');
  });

  it('that lives for seconds alone is used for most of its life', async () => {
    login.lifeMs = 8_000;
    await source.token();
    login.pass(5_000);
    expect(await source.token()).toBe('token-1');
    expect(login.logins()).toBe(1);
    login.pass(2_500);
    expect(await source.token()).toBe('token-2');
  });
});

describe('a rejected token', () => {
  it('is replaced by a new one, once for all who met the rejection', async () => {
    const rejected = await source.token();
    const renewed = await Promise.all(Array.from({ length: 20 }, () => source.renew(rejected)));
    expect(new Set(renewed)).toEqual(new Set(['token-2']));
    expect(await source.renew(rejected)).toBe('token-2');
    expect(await source.token()).toBe('token-2');
    expect(login.logins()).toBe(2);
  });

  it('can be followed by another rejected one', async () => {
    const second = await source.renew(await source.token());
    expect(await source.renew(second)).toBe('token-3');
  });

  it('shares a renewal that is under way already', async () => {
    const rejected = await source.token();
    login.pass(57 * minute);
    const answer = login.holdBack();
    await source.token();
    const renewed = source.renew(rejected);
    answer();
    expect(await renewed).toBe('token-2');
    expect(login.logins()).toBe(2);
  });

  it('is not handed out again while the login host is down', async () => {
    const rejected = await source.token();
    login.fault = new Error('down');
    await expect(source.renew(rejected)).rejects.toMatchObject({ code: 'login_unavailable' });
    await expect(source.token()).rejects.toMatchObject({ code: 'login_unavailable' });
    login.fault = undefined;
    expect(await source.token()).toBe('token-4');
  });

  it('that the login host issues again causes one login a minute at most', async () => {
    login.repeat = 'stuck';
    const stuck = await source.token();
    for (let call = 0; call < 5; call++) expect(await source.renew(stuck)).toBe('stuck');
    expect(login.logins()).toBe(2);
    login.pass(minute);
    login.repeat = undefined;
    expect(await source.renew(stuck)).toBe('token-3');
  });
});

describe('a failed login', () => {
  it('fails for all who waited, and the next call asks again', async () => {
    login.fault = new Error('AADSTS7000222: The provided client secret keys are expired.');
    const results = await Promise.allSettled([source.token(), source.token()]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(login.logins()).toBe(1);
    await expect(source.token()).rejects.toMatchObject({
      code: 'login_refused',
      disposition: 'fault',
      externalCode: 'AADSTS7000222',
    });
    login.fault = undefined;
    expect(await source.token()).toBe('token-3');
  });

  it('is a login that takes too long, too', async () => {
    login.holdBack();
    const hasty = createTokenSource({ tenant, now: login.now, loadCredential: login.loadCredential, timeoutMs: 20 });
    await expect(hasty.token()).rejects.toMatchObject({ code: 'login_unavailable', disposition: 'pause' });
  });

  it('does not keep a credential that cannot be made', async () => {
    let broken = true;
    const fragile = createTokenSource({
      tenant,
      now: login.now,
      loadCredential: (of) => {
        if (broken) throw new Error('no credential');
        return login.loadCredential(of);
      },
    });
    await expect(fragile.token()).rejects.toMatchObject({ code: 'login_unavailable' });
    broken = false;
    expect(await fragile.token()).toBe('token-1');
  });
});

describe('a caller that gives up', () => {
  it('gets its own reason at once, while the others get the token', async () => {
    const answer = login.holdBack();
    const impatient = new AbortController();
    const first = source.token(impatient.signal);
    const second = source.token(new AbortController().signal);
    impatient.abort(new Error('deadline'));
    await expect(first).rejects.toThrow('deadline');
    answer();
    expect(await second).toBe('token-1');
    expect(login.logins()).toBe(1);
  });

  it('leaves a failure that nobody waits for without consequence', async () => {
    const answer = login.holdBack();
    login.fault = new Error('down');
    const impatient = new AbortController();
    const only = source.token(impatient.signal);
    impatient.abort(new Error('deadline'));
    await expect(only).rejects.toThrow('deadline');
    answer();
    await turn();
    login.fault = undefined;
    expect(await source.token()).toBe('token-2');
  });

  it('asks for nothing when it has given up before', async () => {
    await expect(source.token(AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(login.logins()).toBe(0);
  });
});
