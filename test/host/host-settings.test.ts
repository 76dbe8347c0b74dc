import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentsAtATime } from '../../shared/collector.ts';
import { isLogged, parseHostSettings, readHostSettings } from './host-settings.ts';
import { createPollingDelay } from './polling-delay.ts';

test('what host.json leaves out has the defaults of the real host', () => {
  expect(parseHostSettings({ version: '2.0' })).toEqual({
    functionTimeoutMs: 30 * 60_000,
    routePrefix: 'api',
    queues: {
      batchSize: 16,
      newBatchThreshold: 8,
      maxPollingIntervalMs: 60_000,
      visibilityTimeoutMs: 0,
      maxDequeueCount: 5,
      messageEncoding: 'base64',
    },
    logLevels: {},
  });
});

test('host.json is read to the millisecond', () => {
  const queues = {
    batchSize: 31,
    maxPollingInterval: '00:00:02.5',
    visibilityTimeout: '1.00:01:00',
    messageEncoding: 'None',
  };
  const settings = parseHostSettings({ version: '2.0', functionTimeout: '-1', extensions: { queues } });
  expect(settings.functionTimeoutMs).toBeUndefined();
  expect(settings.queues).toMatchObject({
    newBatchThreshold: 15,
    maxPollingIntervalMs: 2500,
    visibilityTimeoutMs: 24 * 60 * 60_000 + 60_000,
    messageEncoding: 'none',
  });
});

test.each([
  ['version', { version: '1.0' }],
  ['functionTimeout', { version: '2.0', functionTimeout: 'ten minutes' }],
  ['batchSize', { version: '2.0', extensions: { queues: { batchSize: 33 } } }],
  ['maxPollingInterval', { version: '2.0', extensions: { queues: { maxPollingInterval: 2000 } } }],
  ['maxDequeueCount', { version: '2.0', extensions: { queues: { maxDequeueCount: 0 } } }],
  ['messageEncoding', { version: '2.0', extensions: { queues: { messageEncoding: 'utf8' } } }],
])('a wrong %s is refused', (name, hostJson) => {
  expect(() => parseHostSettings(hostJson)).toThrow(name);
});

test('log levels go by the longest start of the category', () => {
  const logLevel = { default: 'Warning', Function: 'Error', 'Function.work.User': 'Information' };
  const settings = parseHostSettings({ version: '2.0', logging: { logLevel } });
  expect(isLogged(settings, 'Function.work.User', 'information')).toBe(true);
  expect(isLogged(settings, 'Function.work.User', 'debug')).toBe(false);
  expect(isLogged(settings, 'Function.work', 'warning')).toBe(false);
  expect(isLogged(settings, 'Host.Triggers.Queue', 'warning')).toBe(true);
  expect(isLogged(settings, 'Host.Triggers.Queue', 'information')).toBe(false);
  expect(isLogged(parseHostSettings({ version: '2.0' }), 'Worker', 'information')).toBe(true);
});

test('polling slows down to the longest interval, and starts over after a find', () => {
  const next = createPollingDelay(100, 2000, () => 0.5);
  expect([false, false, false, false, false, false, false].map(next)).toEqual([100, 200, 300, 500, 900, 1700, 2000]);
  expect([true, false].map(next)).toEqual([100, 200]);
});

test('our own host.json has as many contents worked on at a time as the app counts on', async () => {
  const { queues } = await readHostSettings(join(import.meta.dirname, '..', '..'));
  expect(queues.batchSize + queues.newBatchThreshold).toBe(contentsAtATime);
});
