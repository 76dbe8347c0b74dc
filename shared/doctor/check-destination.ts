import { createDestination } from '../destinations/destinations.ts';
import { CollectorError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { Secret } from '../settings/secret.ts';
import type { DestinationSettings } from '../settings/settings.ts';
import { type Finding, failed, ok, warning } from './check.ts';

const answerTimeoutMs = 20_000;
const maxBytes = 64 * 1024;
/** No destination has it. */
const wrongKey = '00000000-0000-4000-8000-000000000000';

/**
 * Whether the destination can be reached and accepts the key, by a request without any record, which leaves nothing behind there. An
 * answer tells nothing of the key, a good one neither, where a wrong key gets the same: unless something was accepted lately, that is asked.
 */
export async function checkDestination(
  settings: DestinationSettings,
  http: HttpClient,
  acceptedLately: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<Finding> {
  const { name } = createDestination(settings);
  let own: Answer;
  try {
    own = await ask(settings, http, signal);
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    const message = `The destination ${name} cannot be reached. ${error.message}`;
    return failed(
      'destination',
      new CollectorError(message, { code: 'destination_unavailable', disposition: 'pause' }),
    );
  }
  const { fault, status } = own;
  if (fault && fault.code !== 'destination_refused_batch') return failed('destination', fault);
  // Nothing is lost: no answer to the wrong key is one way of not being told, and what follows says so.
  const wrong = await ask({ ...settings, intakeKey: new Secret(wrongKey) }, http, signal).catch(() => undefined);
  const empty = 'a request without a record, which leaves nothing there,';
  if (wrong && wrong.status !== status) {
    const answered = fault ? 'is refused otherwise' : `was answered with HTTP ${status}, and otherwise`;
    const verdict = fault ? 'knows' : 'accepts';
    return ok('destination', `${name} answers, and ${verdict} the key: ${empty} ${answered} with another key.`);
  }
  // Storage has a check of its own: what it cannot tell is not known. Asked last, because the key may have been changed since.
  if (await acceptedLately().catch(() => false)) {
    return ok(
      'destination',
      `${name} answers, and has accepted records within the last 10 minutes, with the key of then.`,
    );
  }
  return warning(
    'destination',
    `${name} answers (HTTP ${status}), but whether it accepts the key cannot be told without sending a record.`,
    'See whether records arrive once the app runs; if it refuses the key, that is logged as destination_refused_key.',
  );
}

interface Answer {
  readonly status: number;
  /** Undefined when it was accepted. */
  readonly fault: CollectorError | undefined;
}

async function ask(settings: DestinationSettings, http: HttpClient, signal: AbortSignal): Promise<Answer> {
  const destination = createDestination(settings);
  const nothing = { lines: Buffer.alloc(0), records: 0 };
  const { url, headers, body } = destination.encode(nothing);
  const answer = await http.send({ method: 'POST', url, headers, body, answerTimeoutMs, signal });
  const { status } = answer;
  const said = { status, body: await answer.text(maxBytes), retryAfter: answer.header('retry-after') };
  return { status, fault: destination.classify(said, nothing) };
}
