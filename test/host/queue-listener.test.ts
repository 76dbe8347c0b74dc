import { setTimeout as delay, setInterval as every } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { useFixtureHosts } from './fixtures/fixture-host.ts';

const hosts = useFixtureHosts();
/** Where the fixture's handlers wait for what `holdUntil` names. */
const signals: NodeJS.EventEmitter = process;

afterEach(() => {
  vi.useRealTimers();
});

/** Fakes Date alone: timers and Azurite's sockets go on as ever. */
function freezeDate(start: string): { pass(minutes: number): void } {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(start) });
  return { pass: (minutes) => vi.setSystemTime(Date.now() + minutes * 60_000) };
}

describe('a message', () => {
  test('reaches its function, JSON or text, and is gone after success', async () => {
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    await queue.sendMessage(JSON.stringify({ name: 'a', items: [1] }));
    await queue.sendMessage('plain text');
    await queue.sendMessage('12');
    await app.drain();
    expect(hosts.said().map(({ message }) => message)).toEqual(
      expect.arrayContaining([{ name: 'a', items: [1] }, 'plain text', 12]),
    );
    expect(app.invocations['work']).toEqual({ started: 3, succeeded: 3, failed: 0 });
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
  });

  test('brings the metadata of the real host', async () => {
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    const sent = await queue.sendMessage(JSON.stringify({ name: 'meta' }), { messageTimeToLive: 3600 });
    await app.drain();
    const metadata = hosts.said()[0]?.['metadata'];
    expect(metadata).toEqual({
      queueTrigger: { name: 'meta' },
      dequeueCount: 1,
      expirationTime: expect.stringMatching(/^\d{4}-.*\+00:00$/),
      id: sent.messageId,
      insertionTime: expect.stringMatching(/^\d{4}-.*\+00:00$/),
      nextVisibleTime: expect.stringMatching(/^\d{4}-.*\+00:00$/),
      popReceipt: expect.any(String),
      name: 'meta',
    });
  });

  test('lays its own properties over the metadata, capitals or not, arrays and nulls left out', async () => {
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    const body = { Id: 'mine', DEQUEUECOUNT: 99, popReceipt: null, insertionTime: [1], flag: true, nested: { A: 1 } };
    await queue.sendMessage(JSON.stringify(body));
    await app.drain();
    const metadata = hosts.said()[0]?.['metadata'];
    expect(metadata).toMatchObject({ id: 'mine', dequeueCount: 99, flag: 'True', nested: { a: 1 } });
    expect(metadata).toMatchObject({ popReceipt: expect.any(String), insertionTime: expect.any(String) });
  });

  test('is delivered as often as a test wants', async () => {
    const app = await hosts.start();
    const message = JSON.stringify({ name: 'twice' });
    expect(await app.invoke('work', message)).toBe('did twice');
    expect(await app.invoke('work', { messageText: message, dequeueCount: 2 })).toBe('did twice');
    await expect(app.invoke('work', JSON.stringify({ fail: true }))).rejects.toThrow('The message asked for it.');
    expect(hosts.said().map(({ metadata }) => (metadata as { dequeueCount: number }).dequeueCount)).toEqual([1, 2, 1]);
  });

  test('that fails comes back after the visibility timeout and is poison after five attempts', async () => {
    const clock = freezeDate('2026-11-22T10:00:00Z');
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    const body = JSON.stringify({ name: 'bad', fail: true });
    await queue.sendMessage(body);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await app.drain();
      await app.drain();
      expect(app.invocations['work']).toEqual({ started: attempt, succeeded: 0, failed: attempt });
      clock.pass(1);
    }
    await app.drain();
    expect(app.invocations['work']?.started).toBe(5);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
    expect(await hosts.bodies('work-poison')).toEqual([body]);
  });

  test('received more often than allowed goes to the poison queue without being run', async () => {
    const clock = freezeDate('2026-11-22T10:00:00Z');
    const queue = await hosts.queue('work');
    await hosts.queue('work-poison');
    await queue.sendMessage('crashes');
    for (let crash = 1; crash <= 5; crash++) {
      await queue.receiveMessages({ visibilityTimeout: 60 });
      clock.pass(2);
    }
    const app = await hosts.start();
    await app.drain();
    expect(app.invocations['work']?.started).toBe(0);
    expect(await hosts.bodies('work-poison')).toEqual(['crashes']);
  });

  test('that expires while it is worked on ends without trouble', async () => {
    const clock = freezeDate('2026-11-22T10:00:00Z');
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    await queue.sendMessage(JSON.stringify({ name: 'late', holdUntil: 'release-late' }), { messageTimeToLive: 60 });
    const drained = app.drain();
    await expect.poll(() => app.running).toBe(1);
    clock.pass(2);
    signals.emit('release-late');
    await drained;
    expect(app.invocations['work']).toEqual({ started: 1, succeeded: 1, failed: 0 });
    expect(hosts.logs.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
  });

  test('that runs past functionTimeout fails', async () => {
    await hosts.queue('work');
    const app = await hosts.start();
    const late = app.invoke('work', JSON.stringify({ holdUntil: 'never-released' }));
    await expect(late).rejects.toThrow("Timeout value of 2 s exceeded by function 'Functions.work'");
    expect(hosts.logs.find(({ level }) => level === 'error')?.message).toContain('Timeout value of 2 s exceeded');
    expect(app.invocations['work']).toEqual({ started: 1, succeeded: 0, failed: 1 });
  });
});

describe('concurrency', () => {
  test('reaches and never passes batchSize + newBatchThreshold', async () => {
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    for (let i = 0; i < 16; i++) {
      // Of the first batch two end at once, so that the next is received while the other two run.
      await queue.sendMessage(JSON.stringify(i < 2 ? { name: i } : { name: i, holdUntil: 'release' }));
    }
    const drained = app.drain();
    await expect.poll(() => app.running, { timeout: 10_000 }).toBe(6);
    const releasing = new AbortController();
    // Its failure is awaited below; here only its end matters.
    void drained.catch(() => undefined).then(() => releasing.abort());
    try {
      for await (const _ of every(5, undefined, { signal: releasing.signal })) {
        signals.emit('release');
      }
    } catch {
      // Released them all.
    }
    await drained;
    const running = hosts.said().map((line) => Number(line['running']));
    expect(running).toHaveLength(16);
    expect(Math.max(...running)).toBe(6);
  });
});

describe('listening', () => {
  test('tolerates a queue that does not exist yet, then works by itself', async () => {
    await (await hosts.queue('work')).delete();
    const app = await hosts.start({ start: 'running', timers: false });
    await delay(300);
    const queue = await hosts.queue('work');
    await queue.sendMessage(JSON.stringify({ name: 'found' }));
    await expect.poll(() => app.invocations['work']?.succeeded, { timeout: 10_000 }).toBe(1);
    await queue.sendMessage(JSON.stringify({ name: 'waited for', holdMs: 100 }));
    await app.drain();
    expect(app.invocations['work']).toEqual({ started: 2, succeeded: 2, failed: 0 });
    await app.pauseListening();
    await queue.sendMessage(JSON.stringify({ name: 'left' }));
    await delay(500);
    expect(app.invocations['work']?.started).toBe(2);
    app.startListening();
    await expect.poll(() => app.invocations['work']?.succeeded, { timeout: 10_000 }).toBe(3);
  });

  test('ends in order: what runs may finish', async () => {
    const queue = await hosts.queue('work');
    const app = await hosts.start({ start: 'running', timers: false });
    await queue.sendMessage(JSON.stringify({ name: 'last', holdMs: 300 }));
    await expect.poll(() => app.running, { timeout: 10_000 }).toBe(1);
    await app.stop();
    expect(app.invocations['work']).toEqual({ started: 1, succeeded: 1, failed: 0 });
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
    expect(() => app.startListening()).toThrow();
  });

  test('gives up what does not finish within the grace period', async () => {
    const queue = await hosts.queue('work');
    const app = await hosts.start({ start: 'running', timers: false });
    await queue.sendMessage(JSON.stringify({ name: 'stuck', holdUntil: 'never-released' }));
    await expect.poll(() => app.running, { timeout: 10_000 }).toBe(1);
    await app.stop({ graceMs: 100 });
    expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
  });
});

describe('a crash', () => {
  test('leaves messages leased; another instance gets them when the lease is over', async () => {
    const clock = freezeDate('2026-11-22T10:00:00Z');
    const queue = await hosts.queue('work');
    const crashing = await hosts.start({ start: 'running', timers: false, messageLeaseMs: 60_000 });
    await queue.sendMessage(JSON.stringify({ name: 'survivor', holdUntil: 'release-survivor' }));
    await expect.poll(() => crashing.running, { timeout: 10_000 }).toBe(1);
    crashing.kill();
    signals.emit('release-survivor');
    await delay(50);
    expect(crashing.invocations['work']).toEqual({ started: 1, succeeded: 0, failed: 0 });
    await expect(crashing.drain()).rejects.toThrow('The host was killed.');

    const next = await hosts.start();
    clock.pass(0.9);
    await next.drain();
    expect(next.invocations['work']?.started).toBe(0);
    clock.pass(0.2);
    const again = next.drain();
    await expect.poll(() => next.running, { timeout: 10_000 }).toBe(1);
    signals.emit('release-survivor');
    await again;
    expect(hosts.said().map(({ metadata }) => (metadata as { dequeueCount: number }).dequeueCount)).toEqual([1, 2]);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
  });
});

describe('drain', () => {
  test('names what is left when it runs out of time', async () => {
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    await queue.sendMessage(JSON.stringify({ holdUntil: 'never-released' }));
    await expect(app.drain({ timeoutMs: 500 })).rejects.toThrow(
      'Not drained within 500 ms: 1 invocations run; work: 1 in work.',
    );
  });

  test('leaves alone what is not visible yet', async () => {
    const clock = freezeDate('2026-11-22T10:00:00Z');
    const queue = await hosts.queue('work');
    const app = await hosts.start();
    await queue.sendMessage(JSON.stringify({ name: 'later' }), { visibilityTimeout: 600 });
    await app.drain();
    expect(app.invocations['work']?.started).toBe(0);
    clock.pass(11);
    await app.drain();
    expect(app.invocations['work']?.succeeded).toBe(1);
  });
});
