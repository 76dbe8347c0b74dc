import { CollectorError, type Disposition, type ErrorCode } from '../errors.ts';
import { retryAfter } from '../http/retry-after.ts';
import type { SekoiaSettings } from '../settings/settings.ts';
import type { Destination } from './destination.ts';

/**
 * Sekoia.io's HTTP intake, `/plain/batch`: one raw record a line.
 *
 * Limits: 10 MiB a request, of which its own SDK fills 90 %; 250,000 an event, a longer one is dropped on its side.
 * Source: Sekoia.io documentation, "HTTP intake".
 */
export function createSekoia({ url, intakeKey }: SekoiaSettings): Destination {
  const name = `Sekoia.io (${new URL(url).host})`;

  function fault(
    code: ErrorCode,
    disposition: Disposition,
    says: string,
    status: number,
    after?: string,
  ): CollectorError {
    return new CollectorError(`${says} (${name}: HTTP ${status})`, { code, disposition, status, ...retryAfter(after) });
  }

  return {
    name,
    limits: { requestBytes: 9_437_184, recordBytes: 250_000 },

    encode({ lines }) {
      return {
        url: `${url}/plain/batch`,
        headers: { 'X-SEKOIAIO-INTAKE-KEY': intakeKey.reveal(), 'Content-Type': 'text/plain; charset=utf-8' },
        // Lines are separated, not ended: behind the last LF would stand an empty event.
        body: lines.subarray(0, -1),
      };
    },

    classify({ status, body, retryAfter: after }, batch) {
      if (status >= 200 && status < 300) {
        if (countEventIds(body) >= batch.records) return undefined;
        return fault(
          'destination_unconfirmed',
          'pause',
          'The destination did not confirm every record of a batch. The batch is sent again later and may stand there twice.',
          status,
        );
      }
      if (status === 413) {
        return fault(
          'destination_batch_too_large',
          'retry',
          'A batch is too large for the destination. It is sent in parts.',
          status,
        );
      }
      if (status === 401 || status === 403 || status === 404) {
        return fault(
          'destination_refused_key',
          'pause',
          'The destination refuses the intake key, or its address is wrong. It is tried again every few minutes; nothing is lost meanwhile.',
          status,
        );
      }
      if (status === 429) {
        return fault(
          'destination_throttled',
          'pause',
          'The destination asks us to slow down. We wait and go on.',
          status,
          after,
        );
      }
      // A redirect is a maintenance page or a proxy, not a word about the records.
      if (status >= 500 || status === 408 || status < 400) {
        return fault(
          'destination_unavailable',
          'pause',
          'The destination has a fault. We wait and go on by ourselves.',
          status,
          after,
        );
      }
      return fault('destination_refused_batch', 'pause', 'The destination refuses a batch. It is tried again.', status);
    },
  };
}

/** How many ids the answer holds; 0 when it is not the documented one. */
function countEventIds(body: string): number {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('event_ids' in answer)) return 0;
    return Array.isArray(answer.event_ids) ? answer.event_ids.length : 0;
  } catch (error) {
    if (error instanceof SyntaxError) return 0;
    throw error;
  }
}
