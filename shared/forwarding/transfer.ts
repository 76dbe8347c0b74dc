import type { Destination } from '../destinations/destination.ts';
import { CollectorError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { Claim, Claims } from '../ledger/claims.ts';
import type { OpenContent, SendingState } from '../ledger/open-content.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import type { Acceptance } from '../resilience/acceptance.ts';
import { deliver, postTimeoutMs } from './deliver.ts';
import { fitRecord, narrowLimit } from './oversized.ts';
import { type RecordBatch, recordBatches, sliceBatch } from './record-batches.ts';
import { count, createRefusals } from './refusals.ts';

/** A batch is about this large before compression, the destination's limits allowing. */
const targetBatchBytes = 1024 * 1024;
/** No POST begins with less of the claim left: its time limit, and time to note what came of it. */
const claimMarginMs = postTimeoutMs + 15_000;

/** Where a transfer stands; what has been accepted is true whatever comes after. */
export interface Transfer {
  claim: Claim;
  /** As the claim found it. */
  readonly found: OpenContent;
  state: SendingState;
  batches: number;
  /** The API served the content: what failed then, if anything did, is on the other side. */
  downloading: boolean;
}

/** What a transfer needs of the world. */
export interface TransferPorts {
  readonly api: ManagementApi;
  readonly destination: Destination;
  readonly http: HttpClient;
  readonly claims: Claims;
  readonly acceptance: Acceptance;
  now(): number;
  /** A record was refused by the destination for good. */
  refused(record: number, fault: CollectorError): void;
}

export function beginTransfer(claim: Claim): Transfer {
  const { sent, possiblyDoubled, refusedRecords, missing } = claim.content;
  const state = { sent, possiblyDoubled, refusedRecords, missing };
  return { claim, found: claim.content, state, batches: 0, downloading: false };
}

/**
 * Streams a content to its destination, batch by batch, from where an earlier attempt left off. Progress is noted before
 * the next batch is sent, so that a crash repeats one batch at most.
 *
 * @throws CollectorError of the API, the content or the destination; `transfer` then says how far it came.
 */
export async function runTransfer(transfer: Transfer, ports: TransferPorts, signal: AbortSignal): Promise<void> {
  const { api, destination, claims, now } = ports;
  const content = transfer.found;
  const body = await api.download(content.scope.contentType, content.contentUri, signal);
  transfer.downloading = true;
  const { requestBytes, recordBytes } = destination.limits;
  const limits = { targetBytes: Math.min(targetBatchBytes, requestBytes), recordBytes };
  const refusals = createRefusals(transfer, ports);
  let noted = transfer.state;
  for await (const batch of recordBatches(body, limits, { skip: content.sent })) {
    // What the destination finds too large, or finds fault with, is sent in halves, one after the other.
    const waiting: RecordBatch[] = [batch];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (transfer.state !== noted) {
        transfer.claim = await claims.noteProgress(transfer.claim, transfer.state);
        noted = transfer.state;
      }
      signal.throwIfAborted();
      if (transfer.claim.until - now() < claimMarginMs) throw deadlineReached();
      const result = await sendOnce(transfer, ports, next);
      if (result === 'accepted') {
        refusals.confirm();
        count(transfer, next, false);
      } else if (next.records > 1) {
        const middle = next.records >> 1;
        waiting.unshift(sliceBatch(next, 0, middle), sliceBatch(next, middle, next.records));
      } else {
        refusals.suspect(next, result);
      }
    }
  }
  await refusals.end();
}

/** Sends a batch: accepted, or the fault for which its halves are to be sent, or for which its one record is at fault. */
async function sendOnce(
  transfer: Transfer,
  { destination, http, acceptance }: TransferPorts,
  batch: RecordBatch,
): Promise<'accepted' | CollectorError> {
  const { tenantId } = transfer.found.scope;
  for (let limit = destination.limits.recordBytes; ; limit = narrowLimit(limit)) {
    try {
      await deliver(http, destination, batch.records === 1 ? fitRecord(batch, limit) : batch);
      await acceptance.noteAccepted(tenantId);
      return 'accepted';
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      if (error.code === 'destination_unconfirmed') {
        transfer.state = { ...transfer.state, possiblyDoubled: transfer.state.possiblyDoubled + 1 };
      }
      const tooLarge = error.code === 'destination_batch_too_large';
      const refused = error.code === 'destination_refused_batch' && (await acceptance.acceptedLately(tenantId));
      if (!tooLarge && !refused) throw error;
      if (batch.records > 1 || refused || narrowLimit(limit) === limit) return error;
    }
  }
}

/** The reason with which an execution stops itself; what is left goes on in another one. */
export function deadlineReached(): CollectorError {
  return new CollectorError(
    'The execution has used up its time; what is left goes on in the next one. Nothing is to be done.',
    { code: 'deadline_reached', disposition: 'retry' },
  );
}
