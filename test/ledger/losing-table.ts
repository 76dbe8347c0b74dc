import { randomUUID } from 'node:crypto';
import { RestError, TableClient } from '@azure/data-tables';

/** A table whose service can be made to lose answers, so that the SDK repeats what had been applied, and whose client can die. */
export interface LosingTable {
  readonly table: TableClient;
  /** Requests so far, repetitions included. */
  readonly requests: number;
  /** The next change is applied, and its answer lost; what happens in between is up to the test. */
  loseNextAnswer(meanwhile?: () => Promise<unknown>): void;
  /** What happens between the next read's answer and its arrival is up to the test. */
  afterNextRead(meanwhile: () => Promise<unknown>): void;
  /** After so many more requests nothing gets through; of the last one, whether it is applied. */
  dieAfter(requests: number, applied: boolean): void;
  /** The same table for a process that lives. */
  another(): LosingTable;
}

/** A new, empty table. */
export async function createLosingTable(connectionString: string): Promise<LosingTable> {
  const losing = clientOf(connectionString, `t${randomUUID().replaceAll('-', '')}`);
  await losing.table.createTable();
  return losing;
}

function clientOf(connectionString: string, name: string): LosingTable {
  const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 2, retryDelayInMs: 1 } };
  const table = TableClient.fromConnectionString(connectionString, name, options);
  let requests = 0;
  let end = { after: Number.POSITIVE_INFINITY, applied: false };
  let read: (() => Promise<unknown>) | undefined;
  let lost: (() => Promise<unknown>) | undefined;
  table.pipeline.addPolicy(
    {
      name: 'losingAnswers',
      async sendRequest(request, next) {
        requests += 1;
        if (requests > end.after && !(requests === end.after + 1 && end.applied))
          throw new Error('The process is dead');
        const answer = await next(request);
        if (requests > end.after) throw new Error('The process is dead');
        if (request.method === 'GET') {
          const meanwhile = read;
          read = undefined;
          await meanwhile?.();
        }
        if (request.method === 'GET' || lost === undefined) return answer;
        const meanwhile = lost;
        lost = undefined;
        await meanwhile();
        throw new RestError('The answer is lost', { code: 'ECONNRESET' });
      },
    },
    { afterPhase: 'Retry' },
  );
  return {
    table,
    get requests() {
      return requests;
    },
    loseNextAnswer(meanwhile = async () => undefined) {
      lost = meanwhile;
    },
    afterNextRead(meanwhile) {
      read = meanwhile;
    },
    dieAfter(count, applied) {
      end = { after: requests + count, applied };
    },
    another: () => clientOf(connectionString, name),
  };
}
