import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { Secret } from '../../shared/settings/secret.ts';
import { settingsTable } from '../../shared/settings/settings-table.ts';
import { oneTenant, problemsOf, tenantId } from './environments.ts';

describe('a secret', () => {
  const secret = new Secret('hush~hush');

  it('leaves by reveal() alone', () => {
    const ways = [
      String(secret),
      `${secret}`,
      `${[secret]}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
      inspect(new Error('failed', { cause: { secret } })),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(structuredCloneOf(secret)),
    ];
    for (const way of ways) expect(way).not.toContain('hush');
    expect(secret.reveal()).toBe('hush~hush');
  });

  function structuredCloneOf(value: unknown): unknown {
    return structuredClone(value);
  }

  it('does not show in printed settings', () => {
    const settings = readSettings({ ...oneTenant, AzureWebJobsStorage: 'AccountName=a;AccountKey=hush' });
    const printed = [JSON.stringify(settings), inspect(settings, { depth: 9, showHidden: true })].join();
    for (const hidden of ['hush', oneTenant['CLIENT_SECRET'], oneTenant['SEKOIA_INTAKE_KEY']]) {
      expect(printed).not.toContain(hidden);
    }
  });
});

describe('the error about wrong settings', () => {
  const names = settingsTable.map((entry) => entry.name);
  const secretNames = settingsTable.flatMap((entry) => (entry.secret ? [entry.name] : []));
  const alphabet = fc.constantFrom(...'ABCdef019~-_/+=');
  const secretText = fc
    .string({ unit: alphabet, minLength: 12, maxLength: 60 })
    .filter((text) => /\d/.test(text) && !/^-+$/.test(text));

  it('never repeats what stands in a secret setting, whatever else is wrong', () => {
    fc.assert(
      fc.property(
        secretText,
        fc.subarray(names),
        fc.subarray(secretNames, { minLength: 1 }),
        (secret, broken, secrets) => {
          const environment = {
            ...oneTenant,
            ...Object.fromEntries(broken.map((name) => [name, 'wrong value'])),
            ...Object.fromEntries(secrets.map((name) => [name, secret])),
          };
          expect(problemsOf(environment).join('\n')).not.toContain(secret);
        },
      ),
    );
  });

  it('does not repeat a secret that was put into any other setting or field either', () => {
    fc.assert(
      fc.property(secretText, (secret) => {
        const environment = Object.fromEntries(names.map((name) => [name, secret]));
        expect(problemsOf(environment).join('\n')).not.toContain(secret);
        const item = {
          tenantId,
          clientSecretSetting: secret,
          clientSecret: secret,
          contentTypes: [secret],
          [secret]: secret,
          destination: { type: secret, intakeKeySetting: secret, region: secret, url: secret },
        };
        expect(problemsOf({ ...oneTenant, TENANTS: JSON.stringify([item]) }).join('\n')).not.toContain(secret);
        expect(problemsOf({ ...oneTenant, TENANTS: `[{"clientSecretSetting":${secret}` }).join('\n')).not.toContain(
          secret,
        );
      }),
    );
  });
});
