import { RestError, type TableClient } from '@azure/data-tables';

/**
 * Limits how long each try of a request waits for its whole answer, in milliseconds. The SDK waits for ever: a connection that
 * has gone silent would hold an execution until the host ends the process with all that is in work.
 *
 * The limit counts as a lost answer: the SDK repeats the request.
 */
export function limitAnswers({ pipeline }: TableClient, limitMs: number): void {
  pipeline.addPolicy(
    {
      name: 'answerLimit',
      async sendRequest(request, next) {
        const { abortSignal } = request;
        const limit = new AbortController();
        const abort = () => limit.abort();
        abortSignal?.addEventListener('abort', abort);
        const timer = setTimeout(abort, limitMs);
        request.abortSignal = limit.signal;
        try {
          return await next(request);
        } catch (error) {
          if (!limit.signal.aborted || abortSignal?.aborted) throw error;
          throw new RestError(`Storage did not answer within ${limitMs} ms`, { code: 'ETIMEDOUT', request });
        } finally {
          clearTimeout(timer);
          abortSignal?.removeEventListener('abort', abort);
          if (abortSignal) request.abortSignal = abortSignal;
          else delete request.abortSignal;
        }
      },
    },
    { afterPhase: 'Retry' },
  );
}
