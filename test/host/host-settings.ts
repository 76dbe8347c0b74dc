import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLevel } from './core-types.ts';
import { parseTimeSpan } from './time-span.ts';

/** host.json's `extensions.queues`. Durations are in milliseconds. */
export interface QueueSettings {
  /** Messages a receive, 1 to 32; default 16. */
  readonly batchSize: number;
  /** Running messages at or below which the next batch is received; default half of `batchSize`. */
  readonly newBatchThreshold: number;
  /** Longest wait between two looks at an empty queue; at least 100 ms, default 1 minute. */
  readonly maxPollingIntervalMs: number;
  /** How long a failed message waits for its next attempt; default 0. */
  readonly visibilityTimeoutMs: number;
  /** Attempts before a message goes to the poison queue; default 5. */
  readonly maxDequeueCount: number;
  /** Default base64. */
  readonly messageEncoding: 'base64' | 'none';
}

/** The parts of host.json that this host honours. */
export interface HostSettings {
  /** Undefined for no limit; default 30 minutes, as on the Flex Consumption plan. */
  readonly functionTimeoutMs: number | undefined;
  /** First part of the path of HTTP functions; default `api`. */
  readonly routePrefix: string;
  readonly queues: QueueSettings;
  /** Least level that is kept, by start of category; `default` for all others. */
  readonly logLevels: Readonly<Record<string, string>>;
}

type Section = Readonly<Record<string, unknown>>;

/**
 * Reads an app's host.json with the defaults of the real host.
 *
 * @throws when it is missing, no JSON, not of version 2.0, or holds a value that the real host refuses.
 */
export async function readHostSettings(appDirectory: string): Promise<HostSettings> {
  return parseHostSettings(JSON.parse(await readFile(join(appDirectory, 'host.json'), 'utf8')));
}

/**
 * Host settings out of a parsed host.json.
 *
 * Source: Azure/azure-sdk-for-net, QueuesOptions.cs; Microsoft Learn, "host.json reference for Azure Functions 2.x and later".
 * @throws as {@link readHostSettings} does.
 */
export function parseHostSettings(hostJson: unknown): HostSettings {
  const root = section(hostJson);
  if (root['version'] !== '2.0') {
    throw new Error('host.json must say "version": "2.0".');
  }
  const extensions = section(root['extensions']);
  const timeout = root['functionTimeout'] ?? '00:30:00';
  return {
    functionTimeoutMs: timeout === '-1' ? undefined : duration(timeout, 'functionTimeout', 1),
    routePrefix: String(section(extensions['http'])['routePrefix'] ?? 'api'),
    queues: parseQueues(section(extensions['queues'])),
    logLevels: Object.fromEntries(
      Object.entries(section(section(root['logging'])['logLevel'])).map(([name, level]) => [name, String(level)]),
    ),
  };
}

function parseQueues(queues: Section): QueueSettings {
  const batchSize = whole(queues['batchSize'] ?? 16, 'queues.batchSize', 1, 32);
  const encoding = String(queues['messageEncoding'] ?? 'base64').toLowerCase();
  if (encoding !== 'base64' && encoding !== 'none') {
    throw new Error(`host.json: queues.messageEncoding must be base64 or none, not ${encoding}.`);
  }
  return {
    batchSize,
    newBatchThreshold: whole(
      queues['newBatchThreshold'] ?? Math.floor(batchSize / 2),
      'queues.newBatchThreshold',
      0,
      Number.MAX_SAFE_INTEGER,
    ),
    maxPollingIntervalMs: duration(queues['maxPollingInterval'] ?? '00:01:00', 'queues.maxPollingInterval', 100),
    visibilityTimeoutMs: duration(queues['visibilityTimeout'] ?? '00:00:00', 'queues.visibilityTimeout', 0),
    maxDequeueCount: whole(queues['maxDequeueCount'] ?? 5, 'queues.maxDequeueCount', 1, Number.MAX_SAFE_INTEGER),
    messageEncoding: encoding,
  };
}

function section(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
}

function whole(value: unknown, name: string, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new Error(`host.json: ${name} must be a whole number from ${least} to ${most}, not ${String(value)}.`);
  }
  return value;
}

function duration(value: unknown, name: string, leastMs: number): number {
  const ms = typeof value === 'string' ? parseTimeSpan(value) : undefined;
  if (ms === undefined || ms < leastMs) {
    throw new Error(`host.json: ${name} must be a time span such as 00:01:00, not ${String(value)}.`);
  }
  return ms;
}

const levels = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** Whether host.json's `logging.logLevel` lets a line through; the longest start of the category decides, then `default`. */
export function isLogged(settings: HostSettings, category: string, level: LogLevel): boolean {
  const [, least] = Object.entries(settings.logLevels)
    .filter(([name]) => name !== 'default' && category.toLowerCase().startsWith(name.toLowerCase()))
    .reduce(
      ([longest, found], [name, value]) => (name.length >= longest.length ? [name, value] : [longest, found]),
      ['', settings.logLevels['default'] ?? 'Information'],
    );
  return level !== 'none' && levels.indexOf(level) >= levels.indexOf(least.toLowerCase());
}
