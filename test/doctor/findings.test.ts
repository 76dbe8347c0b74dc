import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { refusedWith } from '../simulator/api-faults.ts';
import { intakeRefused } from '../simulator/intake-faults.ts';
import { createExaminedWorld, found } from './examined-world.ts';
import { aRun, provocations } from './provocations.ts';

describe('the doctor finds', () => {
  it.each(provocations)('$name: $finding', async ({ finding, words, world: provoke, settings }) => {
    const world = await createExaminedWorld();
    await provoke?.(world);
    const examination = await world.examine(settings?.(world) ?? {});
    const [name, status, code] = finding.split(' ');
    const checks = examination.checks.filter((each) => each.check === name && each.status === status);
    const check = checks.find(({ message }) => message.includes(words));
    expect(check, JSON.stringify(examination.checks, null, 1)).toBeDefined();
    expect(check?.code).toBe(code);
    expect(check?.remedy !== undefined).toBe(status !== 'ok');
    expect(examination.status === 'failed').toBe(examination.checks.some((each) => each.status === 'failed'));
  });

  it('that the key is good by what was accepted lately, where nothing else tells', async () => {
    const world = await createExaminedWorld();
    const { tenant, siem } = world.simulator;
    tenant.publish({ contentType: 'Audit.Exchange', createdAt: new Date(Date.now() - 60_000), records: 1 });
    const collector = world.collector();
    await collector.listContent(aRun);
    const [message] = (await world.storage()).messages;
    await collector.forwardContent(message, { messageId: 'm', dequeueCount: 1 }, aRun);
    expect(siem.records()).toHaveLength(1);
    const changed = await world.examine({ SEKOIA_INTAKE_KEY: 'changed-since' });
    expect(found(changed, 'destination')).toMatchObject([{ status: 'failed', code: 'destination_refused_key' }]);
    expect(found(await world.examine(), 'destination')).toMatchObject([
      { status: 'ok', message: expect.stringContaining('knows the key') },
    ]);
    siem.faults.add({ answer: intakeRefused(400) });
    expect(found(await world.examine(), 'destination')).toMatchObject([
      { status: 'ok', message: expect.stringContaining('has accepted records within the last 10 minutes') },
    ]);
  });

  it.each([
    ['gcc', 'warning'],
    ['gcchigh', 'failed'],
    ['dod', 'failed'],
    ['china', 'failed'],
  ] as const)(
    'a tenant of the cloud %s that is not what CLOUD says, even where the login fails',
    async (cloud, status) => {
      const world = await createExaminedWorld({ cloud });
      expect(found(await world.examine(), 'cloud')).toMatchObject([{ status: 'ok' }]);
      const message = expect.stringContaining(`is in the cloud ${cloud}`);
      expect(found(await world.examine({ CLOUD: 'worldwide' }), 'cloud')).toMatchObject([
        { status, message, remedy: expect.stringContaining(`to ${cloud}`) },
      ]);
    },
  );

  it('when a certificate expires', async () => {
    const world = await createExaminedWorld();
    for (const [days, status, words] of [
      [400, 'ok', 'is valid until'],
      [20, 'warning', /expires on .*, in (19|20) days/],
      [-1, 'failed', 'expired on'],
    ] as const) {
      const notBeforeDate = new Date(Date.now() - 10 * 86_400_000);
      const notAfterDate = new Date(Date.now() + days * 86_400_000);
      const made = await generate([{ name: 'commonName', value: 'c' }], { notBeforeDate, notAfterDate, keySize: 2048 });
      const examination = await world.examine({
        CLIENT_SECRET: undefined,
        CLIENT_CERTIFICATE: `${made.private}\n${made.cert}`,
      });
      expect(found(examination, 'credential')).toMatchObject([{ status, message: expect.stringMatching(words) }]);
    }
  });

  it('the permission to read audit logs refused by the API itself', async () => {
    const world = await createExaminedWorld();
    world.simulator.office.faults.add({ answer: refusedWith('AF10001') });
    expect(found(await world.examine(), 'auditing')).toMatchObject([
      {
        status: 'failed',
        code: 'permission_missing',
        externalCode: 'AF10001',
        remedy: expect.stringContaining('consent'),
      },
    ]);
  });
});
