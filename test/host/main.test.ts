import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { fixture, useFixtureHosts } from './fixtures/fixture-host.ts';

const hosts = useFixtureHosts();
const children: ChildProcess[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
});

function run(app: Parameters<typeof fixture>[0], ...options: string[]) {
  const main = new URL('main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, '--app', fixture(app), ...options], {
    env: { ...process.env, AzureWebJobsStorage: hosts.azurite.connectionString, TICK_SCHEDULE: '0 0 0 1 1 *' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const line = async (start: string) => {
    await expect.poll(() => lines.some((known) => known.includes(start)), { timeout: 30_000 }).toBe(true);
    return lines.find((known) => known.includes(start)) ?? '';
  };
  return { child, line, errors: text(child.stderr), exit: once(child, 'exit') };
}

test('hosts an app in a process of its own until it is told to end', async () => {
  const queue = await hosts.queue('work');
  const { child, line, exit } = run('triggers', '--no-timers');
  const ready = JSON.parse((await line('host ready ')).slice('host ready '.length));
  expect(ready.functions).toContainEqual({ name: 'work', trigger: 'queueTrigger' });
  const answer = await fetch(`http://127.0.0.1:${ready.http.port}/api/hello?code=${ready.http.functionKey}`);
  expect(answer.status).toBe(200);

  await queue.sendMessage(JSON.stringify({ name: 'from afar', holdMs: 300 }));
  const said = JSON.parse(await line('from afar'));
  expect(said).toMatchObject({ level: 'information', category: 'Function.work.User', functionName: 'work' });
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
});

test('leaves a message leased when it is shot down', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T10:00:00Z') });
  const queue = await hosts.queue('work');
  const { child, line, exit } = run('triggers', '--no-timers', '--message-lease-ms', '5000');
  await queue.sendMessage(JSON.stringify({ name: 'unfinished', holdUntil: 'never' }));
  await line('unfinished');
  child.kill('SIGKILL');
  await exit;
  expect(await hosts.bodies('work')).toEqual([]);
  vi.setSystemTime(Date.now() + 6000);
  expect(await hosts.bodies('work')).toHaveLength(1);
});

test('says what is wrong with the settings and ends', async () => {
  const { exit, errors } = run('bad-settings');
  expect(await exit).toEqual([1, null]);
  expect(await errors).toBe('TENANT_ID is missing.\n');
});
