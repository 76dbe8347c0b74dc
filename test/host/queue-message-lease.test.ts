import { afterEach, expect, test, vi } from 'vitest';
import { useFixtureHosts } from './fixtures/fixture-host.ts';
import { keepLease } from './queue-message-lease.ts';

const hosts = useFixtureHosts();

afterEach(() => {
  vi.useRealTimers();
});

test('a lease is renewed for as long as it is kept, and no longer', async () => {
  const start = Date.parse('2026-11-22T10:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  const queue = await hosts.queue('leased');
  await queue.sendMessage('held');
  const [message] = (await queue.receiveMessages({ visibilityTimeout: 1 })).receivedMessageItems;
  if (message === undefined) {
    throw new Error('Nothing was received.');
  }
  const visible = async () => (await queue.peekMessages()).peekedMessageItems.length;

  vi.setSystemTime(start + 900);
  const lease = keepLease(queue, message, 1000, new AbortController().signal);
  await expect.poll(() => lease.popReceipt, { timeout: 10_000 }).not.toBe(message.popReceipt);
  vi.setSystemTime(start + 1500);
  expect(await visible()).toBe(0);

  await lease.stopRenewing();
  vi.setSystemTime(start + 3000);
  expect(await visible()).toBe(1);
});

test('a lease that somebody else has taken over is let go', async () => {
  const queue = await hosts.queue('taken');
  await queue.sendMessage('held');
  const [message] = (await queue.receiveMessages({ visibilityTimeout: 60 })).receivedMessageItems;
  if (message === undefined) {
    throw new Error('Nothing was received.');
  }
  const taken = await queue.updateMessage(message.messageId, message.popReceipt, undefined, 60);
  const lease = keepLease(queue, message, 100, new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await lease.stopRenewing();
  expect(lease.popReceipt).toBe(message.popReceipt);
  await queue.deleteMessage(message.messageId, taken.popReceipt ?? '');
});
