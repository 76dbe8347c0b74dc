import { randomUUID } from 'node:crypto';
import type { TypedData } from './core-types.ts';
import type { TriggerData } from './function-runner.ts';
import type { QueueTrigger } from './triggers.ts';

/** A message as the storage queue hands it out. */
export interface ReceivedMessage {
  readonly messageId: string;
  /** As it stands in the queue, before any decoding. */
  readonly messageText: string;
  readonly popReceipt: string;
  readonly dequeueCount: number;
  readonly insertedOn: Date;
  readonly expiresOn: Date;
  readonly nextVisibleOn: Date;
}

/** A message made up by a test: a body, decoded, and whatever else matters. By default it is received now, for the first time. */
export type MadeUpMessage = Pick<ReceivedMessage, 'messageText'> & Partial<ReceivedMessage>;

const dayMs = 24 * 60 * 60 * 1000;

/** Fills in what a test left open. */
export function completeMessage(message: MadeUpMessage): ReceivedMessage {
  const now = Date.now();
  return {
    messageId: randomUUID(),
    popReceipt: 'made-up',
    dequeueCount: 1,
    insertedOn: new Date(now),
    expiresOn: new Date(now + 7 * dayMs),
    nextVisibleOn: new Date(now + 10 * 60 * 1000),
    ...message,
  };
}

/**
 * The text of a message.
 *
 * @returns undefined when it is not in the encoding that host.json names: the real host moves it to the poison queue unseen.
 */
export function decodeMessage(messageText: string, encoding: 'base64' | 'none'): string | undefined {
  if (encoding === 'none') {
    return messageText;
  }
  const compact = messageText.replace(/\s/g, '');
  if (compact.length % 4 !== 0 || !/^[a-z0-9+/]*={0,2}$/i.test(compact)) {
    return undefined;
  }
  return Buffer.from(compact, 'base64').toString('utf8');
}

/** What the host hands to a function for a message. */
export function queueTriggerData(trigger: QueueTrigger, message: ReceivedMessage, text: string): TriggerData {
  return {
    bindingName: trigger.bindingName,
    data: { string: text },
    metadata: queueMetadata(message, text),
    reason: `New queue message detected on '${trigger.queueName}'.`,
  };
}

/**
 * The trigger metadata of a message. A JSON object lays its top-level properties, except arrays and nulls, over the built-in
 * entries; capitals make no difference; simple values become text, which the library then reads as JSON where it can.
 *
 * Source: Azure/azure-sdk-for-net, QueueTriggerBinding.cs; Azure/azure-functions-host, ApplyBindingData.
 * The host also writes texts that look like ISO dates in a format of its own; that is left out here.
 */
export function queueMetadata(message: ReceivedMessage, text: string): Record<string, TypedData> {
  const entries = new Map<string, readonly [string, TypedData]>();
  const put = (name: string, value: TypedData) => {
    const key = name.toLowerCase();
    entries.set(key, [entries.get(key)?.[0] ?? name, value]);
  };
  put('QueueTrigger', { string: text });
  put('DequeueCount', { int: message.dequeueCount });
  put('ExpirationTime', { json: JSON.stringify(dateTimeOffset(message.expiresOn)) });
  put('Id', { string: message.messageId });
  put('InsertionTime', { json: JSON.stringify(dateTimeOffset(message.insertedOn)) });
  put('NextVisibleTime', { json: JSON.stringify(dateTimeOffset(message.nextVisibleOn)) });
  put('PopReceipt', { string: message.popReceipt });
  for (const [name, value] of topLevelProperties(text)) {
    if (value !== null && !Array.isArray(value)) {
      put(name, typeof value === 'object' ? { json: JSON.stringify(value) } : { string: dotNetText(value) });
    }
  }
  return Object.fromEntries(entries.values());
}

function topLevelProperties(text: string): [string, unknown][] {
  if (!/^\s*\{.*\}\s*$/s.test(text)) {
    return [];
  }
  try {
    return Object.entries(JSON.parse(text));
  } catch {
    return [];
  }
}

function dotNetText(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

function dateTimeOffset(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, '+00:00');
}
