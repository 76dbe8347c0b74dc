import type { CollectorError } from '../errors.ts';

/** What a destination can take. */
export interface DestinationLimits {
  /** Bytes of one request's body before compression. */
  readonly requestBytes: number;
  /** Bytes of one record; a longer one is lost on the destination's side. */
  readonly recordBytes: number;
}

/** Records on their way. */
export interface EncodableBatch {
  /** The records' lines, each with its LF. */
  readonly lines: Buffer;
  readonly records: number;
}

export interface DestinationRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Before compression. */
  readonly body: Buffer;
}

export interface DestinationAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

/**
 * Where records go. A destination declares its limits, encodes a batch and says what an answer means; compression, time
 * limits, pausing and progress are written once, outside it.
 */
export interface Destination {
  /** For people: kind and host. */
  readonly name: string;
  readonly limits: DestinationLimits;
  encode(batch: EncodableBatch): DestinationRequest;
  /**
   * Undefined when every record of the batch was accepted, else the failure: `destination_unavailable` and
   * `destination_throttled` (later), `destination_batch_too_large`, `destination_refused_batch`,
   * `destination_refused_key` (somebody has to act), `destination_unconfirmed` (accepted or not, nobody can tell).
   */
  classify(answer: DestinationAnswer, batch: EncodableBatch): CollectorError | undefined;
}
