import { describe, expect, it } from 'vitest';
import { addApp, addIdentity, type Entra, freshEntra } from './simulated-entra.ts';
import { changes, useStages } from './stage.ts';

const stageOf = useStages();

describe('infra/register-app.sh refuses in a sentence, and changes nothing,', () => {
  async function refusal(entra: Entra, ...options: string[]) {
    const outcome = await stageOf(entra).run(...options);
    expect(changes(entra)).toEqual([]);
    return outcome;
  }

  it('several apps of one name', async () => {
    const entra = freshEntra();
    const ids = [addApp(entra, 'm365-audit-collector'), addApp(entra, 'm365-audit-collector')].map((app) => app.appId);
    const { code, complaint } = await refusal(entra);
    expect(code).toBe(1);
    for (const part of ['2 app registrations', '--client-id', ...ids]) expect(complaint).toContain(part);
  });

  it('a client id that the tenant does not know', async () => {
    const { code, complaint } = await refusal(freshEntra(), '--client-id', '99999999-9999-4999-8999-999999999999');
    expect(code).toBe(1);
    expect(complaint).toContain('has no app registration with the client id 99999999-');
  });

  it('an identity of another tenant', async () => {
    const entra = freshEntra();
    addIdentity(entra, 'collectors', 'audit', '22222222-2222-4222-8222-222222222222');
    const { code, complaint } = await refusal(entra, '--managed-identity', 'collectors/audit');
    expect(code).toBe(1);
    expect(complaint).toContain('is in the tenant 22222222-2222-4222-8222-222222222222');
  });

  it.each([
    ['an identity that there is not', ['--managed-identity', 'collectors/audit'], 'collectors/audit cannot be read', 1],
    ['the wrong tenant', ['--tenant', '22222222-2222-4222-8222-222222222222'], 'az login --tenant 22222222-', 1],
    ['an unknown option', ['--dlp', '--force'], 'There is no option --force.', 2],
    ['an option without its value', ['--name'], '--name needs a value.', 2],
    ['a client id that is none', ['--client-id', "x' or true"], 'a GUID', 2],
    ['an identity without its group', ['--managed-identity', 'audit'], 'resource-group/name', 2],
  ])('%s', async (_, options, words, code) => {
    const outcome = await refusal(freshEntra(), ...options);
    expect(outcome.code).toBe(code);
    expect(outcome.complaint).toContain(words);
  });

  it('a cloud that the collector does not know', async () => {
    const { code, complaint } = await refusal(freshEntra('AzureGermanCloud'));
    expect(code).toBe(1);
    expect(complaint).toContain('AzureGermanCloud');
  });

  it('to work without a sign-in, or without the Azure CLI', async () => {
    const outcome = await refusal({ ...freshEntra(), signedIn: false });
    expect(outcome.code).toBe(1);
    expect(outcome.complaint).toContain('The Azure CLI is not signed in. Run: az login');
    const without = await stageOf(freshEntra()).runWithoutAz();
    expect(without.code).toBe(1);
    expect(without.complaint).toContain('The Azure CLI (az) is not installed');
  });
});
