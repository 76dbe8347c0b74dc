import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorError } from '../errors.ts';
import type { Storage } from './storage.ts';
import { storageCode, storageFault } from './storage-faults.ts';

/** What was found of one part of storage. */
export interface StorageProbe {
  readonly part: 'table' | 'queue';
  /** It is not there yet; the first run of a timer creates it. */
  readonly missing: boolean;
  readonly fault?: CollectorError;
}

const nowhere = { partitionKey: 'doctor', rowKey: 'nowhere' };
const neverEtag = `W/"datetime'2000-01-01T00%3A00%3A00.0000000Z'"`;
const nobody = '00000000-0000-0000-0000-000000000000';
/** The SDKs repeat what fails; who asks for a diagnosis does not want to wait for all of that. */
const longestMs = 30_000;

/**
 * Whether the identity or key of the app may do what the product does to its table and queue. Nothing is changed by it: the writing
 * operations are such as storage refuses for another reason once it has found them allowed. Observed on Azurite; that Azure looks at
 * what is allowed first is what its documentation of errors suggests.
 */
export async function probeStorage({ table, queue }: Storage): Promise<readonly StorageProbe[]> {
  return Promise.all([
    probe('table', [
      () => table.getEntity(nowhere.partitionKey, nowhere.rowKey),
      () => table.updateEntity(nowhere, 'Merge', { etag: neverEtag }),
    ]),
    probe('queue', [
      () => queue.getProperties(),
      // A time to live of 0 is no valid one.
      () => queue.sendMessage('', { messageTimeToLive: 0 }),
      () => queue.deleteMessage(nobody, 'AAAA'),
    ]),
  ]);
}

async function probe(part: 'table' | 'queue', operations: readonly (() => Promise<unknown>)[]): Promise<StorageProbe> {
  let missing = false;
  for (const operation of operations) {
    const result = await inTime(operation());
    if (result instanceof CollectorError) return { part, missing, fault: result };
    missing ||= result;
  }
  return { part, missing };
}

/** The fault of storage, or whether the table or queue is missing. */
async function inTime(operation: Promise<unknown>): Promise<CollectorError | boolean> {
  const silence = new AbortController();
  const late = sleep(longestMs, undefined, { signal: silence.signal }).then(
    () => new CollectorError('Storage did not answer in time.', { code: 'storage_unavailable', disposition: 'retry' }),
    () => false,
  );
  const done = operation.then(
    () => false,
    (error: unknown) => storageFault(error) ?? isMissing(error),
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    silence.abort();
  }
}

function isMissing(error: unknown): boolean {
  const code = storageCode(error);
  return code === 'TableNotFound' || code === 'QueueNotFound';
}
