import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { fixture, useFixtureHosts } from './fixtures/fixture-host.ts';

const hosts = useFixtureHosts();

describe('loading an app', () => {
  test('finds every function with what it was registered with, settings put in', async () => {
    const { functions } = await hosts.start();
    expect(functions.map(({ name, trigger }) => [name, trigger.type])).toEqual([
      ['tick', 'timerTrigger'],
      ['quarter', 'timerTrigger'],
      ['fails', 'timerTrigger'],
      ['work', 'queueTrigger'],
      ['hello', 'httpTrigger'],
      ['bytes', 'httpTrigger'],
      ['nothing', 'httpTrigger'],
      ['broken', 'httpTrigger'],
      ['master', 'httpTrigger'],
    ]);
    expect(functions[0]?.trigger).toMatchObject({ schedule: '0 * * * * *' });
    expect(functions[3]?.trigger).toMatchObject({
      queueName: 'work',
      connectionString: hosts.azurite.connectionString,
    });
    expect(functions[4]?.trigger).toMatchObject({
      route: 'hello/{name?}',
      methods: ['GET', 'POST'],
      authLevel: 'function',
    });
  });

  test('passes on what the entry point throws, as it is', async () => {
    const appDirectory = fixture('bad-settings');
    await expect(hosts.start({ appDirectory })).rejects.toMatchObject({
      message: 'TENANT_ID is missing.',
      code: 'settings_invalid',
    });
  });

  test('refuses a missing setting in a binding', async () => {
    await expect(hosts.start({ environment: { TICK_SCHEDULE: undefined } })).rejects.toThrow(
      "'%TICK_SCHEDULE%' does not resolve to a value.",
    );
    await expect(hosts.start({ environment: { AzureWebJobsStorage: undefined } })).rejects.toThrow(
      'AzureWebJobsStorage',
    );
  });

  test('keeps several instances apart and leaves no settings behind', async () => {
    const [one, two] = await Promise.all([
      hosts.start({ environment: { INSTANCE_NAME: 'one' } }),
      hosts.start({ environment: { INSTANCE_NAME: 'two', TICK_SCHEDULE: '30 * * * * *' } }),
    ]);
    await two.fireTimer('tick');
    await one.fireTimer('tick');
    await one.fireTimer('tick');
    expect(hosts.said().map(({ instance }) => instance)).toEqual(['two', 'one', 'one']);
    expect(one.invocations['tick']).toEqual({ started: 2, succeeded: 2, failed: 0 });
    expect(two.invocations['tick']).toEqual({ started: 1, succeeded: 1, failed: 0 });
    expect(process.env['INSTANCE_NAME']).toBeUndefined();
    expect(process.env['TICK_SCHEDULE']).toBeUndefined();
  });
});

describe('hooks', () => {
  test('run in the order of the worker and change what they may', async () => {
    const ended = once(process, 'hooks-fixture-ended');
    const hooked = await hosts.start({ appDirectory: fixture('hooks'), environment: { ECHO_QUEUE: 'Echo' } });
    expect(await hooked.invoke('echo', 'hello')).toBe('hello, changed');
    expect(await hooked.invoke('echo', 'throw')).toBe('forgiven');
    await hooked.stop();
    expect(await ended).toEqual([
      [
        'appStart',
        'preInvocation',
        'postInvocation from pre',
        'preInvocation',
        'postInvocation from pre',
        'appTerminate',
      ],
    ]);
    expect(hosts.logs.filter(({ category }) => category === 'Function.echo.User')).toMatchObject([
      { level: 'warning', message: 'hooked: got hello, changed', functionName: 'echo' },
      { level: 'warning', message: 'hooked: got throw, changed', functionName: 'echo' },
    ]);
  });

  test('messages are base64 where host.json does not say otherwise; others go to the poison queue unseen', async () => {
    const queue = await hosts.queue('echo-base64');
    const hooked = await hosts.start({ appDirectory: fixture('hooks'), environment: { ECHO_QUEUE: 'echo-base64' } });
    await queue.sendMessage(Buffer.from('grüße').toString('base64'));
    await queue.sendMessage('no base64!');
    await hooked.drain();
    expect(hooked.invocations['echo']).toEqual({ started: 1, succeeded: 1, failed: 0 });
    expect(hosts.logs.map(({ message }) => message)).toContain('hooked: got grüße, changed');
    expect(await hosts.bodies('echo-base64-poison')).toEqual(['no base64!']);
  });
});

describe('timers', () => {
  test('get what the real host gives', async () => {
    const app = await hosts.start();
    await app.fireTimer('tick', { due: new Date('2026-11-22T10:00:00Z') });
    expect(hosts.said()).toMatchObject([
      {
        timer: {
          isPastDue: false,
          schedule: { adjustForDST: true },
          scheduleStatus: { last: '0001-01-01T00:00:00.000Z', next: '2026-11-22T10:00:00.000Z' },
        },
      },
    ]);
  });

  test('reject with what the function threw', async () => {
    const app = await hosts.start();
    await expect(app.fireTimer('fails')).rejects.toThrow('The timer failed.');
    await expect(app.fireTimer('work')).rejects.toThrow("no timer function 'work'");
    expect(app.invocations['fails']).toEqual({ started: 1, succeeded: 0, failed: 1 });
    expect(hosts.logs.find(({ level }) => level === 'error')?.message).toContain('The timer failed.');
  });

  test('run all that was due, in order, failures and all', async () => {
    const app = await hosts.start({ environment: { TICK_SCHEDULE: '0 0,10 12 * * *' } });
    const clock: string[] = [];
    const fired = await app.fireDueTimers(new Date('2026-11-22T11:45:00Z'), new Date('2026-11-22T12:15:00Z'), (at) =>
      clock.push(at.toISOString()),
    );
    expect(fired.map(({ name, at, error }) => [name, at.toISOString().slice(11, 19), String(error)])).toEqual([
      ['tick', '12:00:00', 'undefined'],
      ['quarter', '12:00:00', 'undefined'],
      ['fails', '12:00:30', 'Error: The timer failed.'],
      ['tick', '12:10:00', 'undefined'],
      ['quarter', '12:15:00', 'undefined'],
    ]);
    expect(clock).toEqual(fired.map(({ at }) => at.toISOString()));
  });

  test('fire by the clock while the host listens', async () => {
    const app = await hosts.start({ start: 'running', environment: { TICK_SCHEDULE: '* * * * * *' } });
    await expect.poll(() => app.invocations['tick']?.succeeded, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(hosts.said()[0]).toMatchObject({ timer: { isPastDue: false, scheduleStatus: null } });
    await app.pauseListening();
  });

  test('leave the clock to another instance on request', async () => {
    const app = await hosts.start({ start: 'running', timers: false, environment: { TICK_SCHEDULE: '* * * * * *' } });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(app.invocations['tick']?.started).toBe(0);
  });
});
