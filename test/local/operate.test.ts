import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createScenario, type ScenarioWorld } from '../scenarios/scenario-world.ts';

const command = join(import.meta.dirname, 'operate.ts');
const contentType = 'Audit.Exchange';
const settings = { CONTENT_TYPES: contentType, BACKFILL_HOURS: '0' };

/** Runs the command as npm does, with these variables and no others. */
async function run(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--disable-warning=DEP0040', command, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { output, errors, code: code as number | null };
}

/** The command on the app of a world, for its tenant. */
function commandOf(world: ScenarioWorld) {
  const url = world.host.http?.url ?? '';
  const key = { FUNCTION_KEY: world.host.http?.functionKey ?? '' };
  const tenant = ['--tenant', world.tenant.tenantId];
  return { url, key, ask: (name: string, ...args: string[]) => run(key, name, '--url', url, ...tenant, ...args) };
}

describe('npm run operate', () => {
  it('shows what a backfill would do, does it with --confirm, and watches it to its end', async () => {
    const world = await createScenario({ settings });
    for (let index = 1; index <= 5; index += 1)
      world.tenant.publish({ contentType, createdAt: world.at(-60 * index), records: 2 });
    await world.runFor(2);
    const { ask, key, url } = commandOf(world);
    const fields = ['--from', '2026-11-20T04:00:00Z', '--type', contentType];
    const shown = await ask('backfill', ...fields);
    expect([shown.code, shown.errors]).toEqual([0, '']);
    expect(shown.output).toMatch(/A backfill of tenant .* would collect 5 contents:\n {2}Audit\.Exchange +new +5\n/);
    expect(shown.output).toContain('Nothing was changed. To do it, add --confirm.');
    const watched = ask('backfill', ...fields, '--confirm', '--watch', '--every', '0.1');
    const ended = watched.then(() => true);
    while (!(await Promise.race([ended, world.runFor(1).then(() => false)])));
    const { output, code } = await watched;
    expect(code).toBe(0);
    expect(output).toMatch(/: waiting, 0 found, 0 opened\n/);
    expect(output).toMatch(/: finished, 5 found, 5 opened\n$/);
    await world.runFor(2);
    expect(world.simulator.siem.records()).toHaveLength(10);
    const again = await ask('replay', '--from', '2026-11-20T04:00:00Z', '--state', 'forwarded');
    expect(again.output).toContain('5 contents with 10 records that were accepted before would stand twice');
    const jobs = await run(key, 'jobs', '--url', url, '--json');
    expect(JSON.parse(jobs.output)).toMatchObject({ jobs: [{ kind: 'backfill', state: 'finished', done: 5 }] });
  });

  it('pauses, resumes and cancels', async () => {
    const world = await createScenario({ settings });
    await world.runFor(2);
    const { ask, key, url } = commandOf(world);
    expect((await ask('pause')).output).toContain('would stop');
    const paused = await ask('pause', '--reason', 'new intake', '--by', 'anna', '--confirm');
    expect(paused.output).toMatch(/✔ Done\.\n(?:.*\n)*.*paused since .* by anna: new intake/);
    expect((await ask('pause', '--confirm')).output).toContain('It was so already');
    expect((await ask('resume', '--confirm')).output).toContain('✔ Done.');
    expect((await ask('quarantine')).output).toBe('Nothing is quarantined.\n');
    const ordered = await ask('replay', '--content-id', 'one', '--content-id', 'two', '--confirm', '--json');
    const { job } = JSON.parse(ordered.output);
    expect(job).toMatchObject({ state: 'waiting', contentIds: ['one', 'two'] });
    const cancelled = await run(key, 'jobs', '--url', url, '--cancel', job.id);
    expect(cancelled.output).toContain('cancelled');
    expect(await run(key, 'jobs', '--url', url, '--cancel', 'none')).toMatchObject({ code: 1 });
  });

  it('ends with 1 for what is refused, and with 2 for what cannot be asked for', async () => {
    const world = await createScenario({ settings });
    const { ask, url, key } = commandOf(world);
    const refused = await ask('backfill', '--from', 'yesterday');
    expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/^✖ from is not a time/) });
    const stranger = createServer((_, response) => response.end('<html></html>')).listen(0, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const failing: readonly (readonly [Readonly<Record<string, string>>, readonly string[], RegExp])[] = [
      [{}, ['jobs', '--url', url], /FUNCTION_KEY is missing/],
      [{ FUNCTION_KEY: 'guessed~key' }, ['jobs', '--url', url], /refused the key/],
      [key, ['jobs'], /--url is missing/],
      [key, ['jobs', '--url', 'http://app.azurewebsites.net'], /not https/],
      [key, ['jobs', '--url', url, '--key', 'hush'], /--key/],
      [key, ['delete', '--url', url], /no command "delete"/],
      [key, ['jobs', '--url', `http://127.0.0.1:${port}`], /without the JSON of this app/],
    ];
    for (const [environment, args, error] of failing) {
      const { code, errors } = await run(environment, ...args);
      expect([args, code, errors]).toEqual([args, 2, expect.stringMatching(error)]);
      expect(errors).not.toContain('guessed~key');
    }
    expect(await run({}, '--help')).toMatchObject({ code: 0, output: expect.stringContaining('FUNCTION_KEY') });
  });
});
