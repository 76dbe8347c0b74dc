import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Examination } from '../../shared/doctor/check.ts';
import { createExaminedWorld } from '../doctor/examined-world.ts';
import { aRun } from '../doctor/provocations.ts';

const command = join(import.meta.dirname, 'doctor.ts');

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Runs the command as npm does, with these variables and no others. */
async function run(environment: Readonly<Record<string, string>>, ...options: readonly string[]) {
  const child = spawn(process.execPath, ['--disable-warning=DEP0040', command, ...options], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { output, errors, code: code as number | null };
}

/** A world, the file of its settings, and what a process needs to trust its login host. */
async function aWorld() {
  const world = await createExaminedWorld();
  const folder = await aFolder();
  const [settings, certificate] = [join(folder, 'local.settings.json'), join(folder, 'ca.pem')];
  await writeFile(settings, JSON.stringify({ IsEncrypted: false, Values: world.environment }));
  await writeFile(certificate, world.simulator.caCertificate);
  return { world, settings, trust: { NODE_EXTRA_CA_CERTS: certificate } };
}

describe('npm run doctor', () => {
  it('reads the file of settings, reports for a person and ends with 0 when nothing failed', async () => {
    const { world, settings, trust } = await aWorld();
    await world.collector().listContent(aRun);
    const { output, errors, code } = await run(trust, '--settings', settings);
    expect([errors, code]).toEqual(['', 0]);
    expect(output).toContain(`Tenant ${world.simulator.tenant.tenantId}`);
    expect(output).toMatch(/^ {2}✔ login +Entra ID gave app/m);
    expect(output).toMatch(/✔ 0 failed, 0 to look at, 1\d ok\n$/);
    expect(output).not.toContain('\u001b[');
  });

  it('lets the environment go before the file, and ends with 1 and the remedy when something failed', async () => {
    const { settings, trust } = await aWorld();
    const { output, code } = await run({ ...trust, CLIENT_SECRET: 'wrong~secret' }, '--settings', settings);
    expect(code).toBe(1);
    expect(output).toMatch(/^ {2}✖ login +The login of app /m);
    expect(output).toMatch(/^ +→ In the Microsoft Entra admin center/m);
    expect(output).toMatch(/✖ 1 failed, /);
    expect(output).not.toContain('wrong~secret');
    for (const line of output.split('\n')) expect(line.length).toBeLessThan(160);
  });

  it('prints JSON for machines, and colours where they are asked for', async () => {
    const { world, settings, trust } = await aWorld();
    world.simulator.tenant.auditing = false;
    const { output, code } = await run(trust, '--json', '--settings', settings);
    const examination: Examination = JSON.parse(output);
    expect([code, examination.status]).toEqual([1, 'failed']);
    expect(examination.checks).toContainEqual(
      expect.objectContaining({ check: 'auditing', status: 'failed', code: 'auditing_off' }),
    );
    const coloured = await run({ ...trust, FORCE_COLOR: '1' }, '--settings', settings);
    expect(coloured.output).toContain('\u001b[31m✖\u001b[39m auditing');
  });

  it('says what is wrong with the settings themselves', async () => {
    const { output, code } = await run({ TENANT_ID: 'contoso.com' }, '--settings', join(await aFolder(), 'none.json'));
    expect(code).toBe(1);
    expect(output).toMatch(/✖ settings +The app does not start, because of 5 problems/);
    expect(output).toMatch(/- TENANT_ID: is a domain name and not a GUID/);
    expect(output.match(/Correct the settings/g)).toHaveLength(1);
  });

  it('explains itself, and ends with 2 for what it does not know or cannot read', async () => {
    expect(await run({}, '--help')).toMatchObject({ code: 0, output: expect.stringContaining('npm run doctor') });
    expect(await run({}, '--colour')).toMatchObject({ code: 2, errors: expect.stringContaining('--colour') });
    const broken = join(await aFolder(), 'local.settings.json');
    await writeFile(broken, '{ "Values": { "CLIENT_SECRET": "hush" ');
    const { code, errors } = await run({}, '--settings', broken);
    expect([code, errors]).toEqual([2, expect.stringContaining('is not JSON')]);
    expect(errors).not.toContain('hush');
  });
});
