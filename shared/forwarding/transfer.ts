import type { Destination, DestinationRequest } from '../destinations/destination.ts';
import { CollectorError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { Claim, Claims } from '../ledger/claims.ts';
import type { OpenContent, SendingState } from '../ledger/open-content.ts';
import type { ManagementApi } from '../management-api/management-api.ts';
import type { Acceptance } from '../resilience/acceptance.ts';
import type { LanePlace } from '../resilience/lanes.ts';
import { type BlockPool, takeBlocks } from './blocks.ts';
import { deliver, encodeBatch, postTimeoutMs } from './deliver.ts';
import { eventTimeOf } from './event-time.ts';
import { fitRecord, narrowLimit } from './oversized.ts';
import { readAhead } from './read-ahead.ts';
import { type RecordBatch, recordBatches, sliceBatch } from './record-batches.ts';
import { count, createRefusals, type Refusals } from './refusals.ts';

/** A batch is about this large before compression, the destination's limits allowing. */
export const targetBatchBytes = 1024 * 1024;
/** No POST begins with less of the claim left: its time limit, and time to note what came of it. */
const claimMarginMs = postTimeoutMs + 15_000;

/** Where a transfer stands; what has been accepted is true whatever comes after. */
export interface Transfer {
  claim: Claim;
  /** As the claim found it. */
  readonly found: OpenContent;
  readonly place: LanePlace;
  /** The moment at which it began, as the suspicion counts. */
  readonly begun: number;
  state: SendingState;
  /** What of it stands in the ledger. */
  noted: SendingState;
  batches: number;
  /** Time of the first record's event, milliseconds since 1970; undefined when it is not known. */
  eventTime: number | undefined;
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
  readonly pool: BlockPool;
  now(): number;
  /** A record was refused by the destination for good. */
  refused(record: number, fault: CollectorError): void;
}

export function beginTransfer(claim: Claim, place: LanePlace, begun: number): Transfer {
  const { sent, possiblyDoubled, refusedRecords, missing } = claim.content;
  const state = { sent, possiblyDoubled, refusedRecords, missing };
  const progress = { state, noted: state, batches: 0, eventTime: undefined, downloading: false };
  return { claim, found: claim.content, place, begun, ...progress };
}

/** A batch with the request that sends it; one that has to be cut down first has none yet. */
interface EncodedBatch {
  readonly batch: RecordBatch;
  readonly request?: DestinationRequest;
}

/**
 * Streams a content to its destination, batch by batch, from where an earlier attempt left off; while a batch is sent, the next
 * one is read and compressed. Progress is noted before the next batch is sent, so that a crash repeats one batch at most.
 *
 * @throws CollectorError of the API, the content or the destination; `transfer` then says how far it came.
 */
export async function runTransfer(transfer: Transfer, ports: TransferPorts, signal: AbortSignal): Promise<void> {
  const { api, destination, pool } = ports;
  const { scope, contentUri, sent } = transfer.found;
  const { requestBytes, recordBytes } = destination.limits;
  const limits = { targetBytes: Math.min(targetBatchBytes, requestBytes), recordBytes };
  const refusals = createRefusals(transfer, ports);
  const left = new AbortController();
  const blocks = await takeBlocks(pool, signal);
  try {
    const body = await api.download(scope.contentType, contentUri, AbortSignal.any([signal, left.signal]));
    transfer.downloading = true;
    const batches = encodeAll(recordBatches(body, limits, blocks, { skip: sent }), destination);
    for await (const encoded of readAhead(batches, () => left.abort())) {
      const { firstRecord, lines, ends } = encoded.batch;
      if (firstRecord === 0) transfer.eventTime = eventTimeOf(lines.subarray(0, ends[0]));
      try {
        await sendBatch(transfer, ports, encoded, refusals, signal);
      } finally {
        // However it ends: reading ahead may be waiting for this very block.
        if (encoded.batch.block) blocks.release(encoded.batch.block);
      }
    }
  } finally {
    blocks.close();
  }
  await refusals.end();
}

async function* encodeAll(batches: AsyncIterable<RecordBatch>, destination: Destination): AsyncGenerator<EncodedBatch> {
  for await (const batch of batches) {
    yield batch.oversized ? { batch } : { batch, request: await encodeBatch(destination, batch) };
  }
}

/** Sends a batch; what the destination finds too large, or finds fault with, in halves, one after the other. */
async function sendBatch(
  transfer: Transfer,
  ports: TransferPorts,
  encoded: EncodedBatch,
  refusals: Refusals,
  signal: AbortSignal,
): Promise<void> {
  const { claims, now } = ports;
  const waiting: EncodedBatch[] = [encoded];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (transfer.state !== transfer.noted) {
      transfer.claim = await claims.noteProgress(transfer.claim, transfer.state);
      transfer.noted = transfer.state;
    }
    signal.throwIfAborted();
    if (transfer.claim.until - now() < claimMarginMs) throw deadlineReached();
    const { batch } = next;
    const result = await sendOnce(transfer, ports, next);
    if (result === 'accepted') {
      refusals.confirm();
      count(transfer, batch, false);
    } else if (batch.records > 1) {
      const middle = batch.records >> 1;
      waiting.unshift({ batch: sliceBatch(batch, 0, middle) }, { batch: sliceBatch(batch, middle, batch.records) });
    } else {
      refusals.suspect(batch, result);
    }
  }
}

/** Sends a batch: accepted, or the fault for which its halves are to be sent, or for which its one record is at fault. */
async function sendOnce(
  transfer: Transfer,
  { destination, http, acceptance }: TransferPorts,
  { batch, request }: EncodedBatch,
): Promise<'accepted' | CollectorError> {
  const { tenantId } = transfer.found.scope;
  for (let limit = destination.limits.recordBytes, ready = request; ; limit = narrowLimit(limit), ready = undefined) {
    const fitted = batch.records === 1 ? fitRecord(batch, limit) : batch;
    try {
      await deliver(http, destination, fitted, ready ?? (await encodeBatch(destination, fitted)));
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
  return new CollectorError('The execution has used up its time; what is left goes on in the next one.', {
    code: 'deadline_reached',
    disposition: 'retry',
  });
}
