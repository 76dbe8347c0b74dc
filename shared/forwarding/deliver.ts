import { promisify } from 'node:util';
import { constants, gzip, gzipSync, type ZlibOptions } from 'node:zlib';
import type { Destination, DestinationRequest, EncodableBatch } from '../destinations/destination.ts';
import { CollectorError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';

/** One POST takes at most this. No deadline cuts it off: what it did would be unknown. */
export const postTimeoutMs = 60_000;
const maxAnswerBytes = 16 * 1024 * 1024;

const compressInBackground = promisify(gzip);
/** Large enough for what most batches become: each further chunk is a round trip between threads. */
const compressedBytes = 256 * 1024;
/** Handing less than this to another thread costs more than it saves. */
const backgroundBytes = 128 * 1024;
/**
 * Level 1: of these records it leaves a fifth, as level 6 nearly does, in half the time. See docs/performance.md.
 */
const compression: ZlibOptions = {
  level: constants.Z_BEST_SPEED,
  memLevel: constants.Z_MAX_MEMLEVEL,
};

/** The request that sends a batch, compressed. */
export async function encodeBatch(destination: Destination, batch: EncodableBatch): Promise<DestinationRequest> {
  const { url, headers, body } = destination.encode(batch);
  const compressed =
    body.length < backgroundBytes
      ? gzipSync(body, compression)
      : await compressInBackground(body, { ...compression, chunkSize: compressedBytes });
  return { url, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: compressed };
}

/**
 * Sends a batch and returns once every record of it is accepted.
 *
 * @throws CollectorError what the destination made of it, `destination_unavailable` when it could not be reached, or
 * `destination_unconfirmed` when the answer was lost: the batch may have been accepted.
 */
export async function deliver(
  http: HttpClient,
  destination: Destination,
  batch: EncodableBatch,
  request: DestinationRequest,
): Promise<void> {
  const answer = await post(http, destination, request);
  const fault = destination.classify(answer, batch);
  if (fault) throw fault;
}

async function post(http: HttpClient, destination: Destination, { url, headers, body }: DestinationRequest) {
  // One limit for the whole exchange: an answer that dribbles must not outlive the claim.
  const signal = AbortSignal.timeout(postTimeoutMs);
  try {
    const answer = await http.send({ method: 'POST', url, headers, body, answerTimeoutMs: postTimeoutMs, signal });
    return { status: answer.status, body: await answer.text(maxAnswerBytes), retryAfter: answer.header('retry-after') };
  } catch (error) {
    if (signal.aborted) throw unconfirmed(destination, 'It took too long.');
    if (!(error instanceof CollectorError)) throw error;
    if (error.code === 'network_unreachable') {
      throw new CollectorError(
        `The destination ${destination.name} cannot be reached. We wait and go on by ourselves. ${error.message}`,
        {
          code: 'destination_unavailable',
          disposition: 'pause',
        },
      );
    }
    if (error.code !== 'network_failed') throw error;
    throw unconfirmed(destination, error.message);
  }
}

function unconfirmed(destination: Destination, reason: string): CollectorError {
  return new CollectorError(
    `The answer of the destination ${destination.name} to a batch was lost. The batch is sent again later and may stand there twice. ${reason}`,
    { code: 'destination_unconfirmed', disposition: 'pause' },
  );
}
