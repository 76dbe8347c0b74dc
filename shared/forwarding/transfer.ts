import type { Destination } from '../destinations/destination.ts';
import { CollectorError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { Claim, Claims } from '../ledger/claims.ts';
import type { OpenContent, SentPrefix } from '../ledger/open-content.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import { deliver, postTimeoutMs } from './deliver.ts';
import { recordBatches, updateChecksum } from './record-batches.ts';

/** A batch is about this large before compression, the destination's limits allowing. */
const targetBatchBytes = 1024 * 1024;
/** No POST begins with less of the claim left: its time limit, and time to note what came of it. */
const claimMarginMs = postTimeoutMs + 15_000;

/** Where a transfer stands; what has been accepted is true whatever comes after. */
export interface Transfer {
  claim: Claim;
  /** As the claim found it. */
  readonly found: OpenContent;
  sent: SentPrefix;
  possiblyDoubled: number;
  batches: number;
}

/** What a transfer needs of the world. */
export interface TransferPorts {
  readonly api: ManagementApi;
  readonly destination: Destination;
  readonly http: HttpClient;
  readonly claims: Claims;
  now(): number;
}

export function beginTransfer(claim: Claim): Transfer {
  const found = claim.content;
  return { claim, found, sent: found.sent, possiblyDoubled: found.possiblyDoubled, batches: 0 };
}

/**
 * Streams a content to its destination, batch by batch, from where an earlier attempt left off. Progress is noted before
 * the next batch is sent, so that a crash repeats one batch at most.
 *
 * @throws CollectorError of the API, the content or the destination; `transfer` then says how far it came.
 */
export async function runTransfer(transfer: Transfer, ports: TransferPorts, signal: AbortSignal): Promise<void> {
  const { api, destination, http, claims, now } = ports;
  const content = transfer.found;
  const body = await api.download(content.scope.contentType, content.contentUri, signal);
  const { requestBytes, recordBytes } = destination.limits;
  const limits = { targetBytes: Math.min(targetBatchBytes, requestBytes), recordBytes };
  let unnoted = false;
  for await (const batch of recordBatches(body, limits, { skip: content.sent })) {
    if (unnoted) transfer.claim = await claims.noteProgress(transfer.claim, transfer.sent, transfer.possiblyDoubled);
    signal.throwIfAborted();
    if (transfer.claim.until - now() < claimMarginMs) throw deadlineReached();
    try {
      await deliver(http, destination, batch);
    } catch (error) {
      if (error instanceof CollectorError && error.code === 'destination_unconfirmed') transfer.possiblyDoubled += 1;
      throw error;
    }
    const { records, bytes, crc32 } = transfer.sent;
    transfer.sent = {
      records: records + batch.records,
      bytes: bytes + batch.bytes,
      crc32: updateChecksum(crc32, batch),
    };
    transfer.batches += 1;
    unnoted = true;
  }
}

/** The reason with which an execution stops itself; what is left goes on in another one. */
export function deadlineReached(): CollectorError {
  return new CollectorError(
    'The execution has used up its time; what is left goes on in the next one. Nothing is to be done.',
    {
      code: 'deadline_reached',
      disposition: 'retry',
    },
  );
}
