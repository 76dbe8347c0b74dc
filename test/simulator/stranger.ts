import { emptyAnswer } from './answer.ts';
import { startService, type Watch } from './http-service.ts';
import { createRandom } from './random.ts';

/** A request that reached a host which nobody should ever call. */
export interface StrayRequest {
  readonly address: string;
  /** Whether it carried a token or a key. */
  readonly secrets: boolean;
}

/** A host that belongs to nobody here: where redirects and forged addresses lead. */
export interface Stranger {
  readonly origin: string;
  /** Empty is what to expect. */
  readonly requests: readonly StrayRequest[];
  close(): Promise<void>;
}

/** Starts the stranger on a free port; it answers 200 with an empty array to everything. */
export async function startStranger(now: () => number, watch?: Watch): Promise<Stranger> {
  const requests: StrayRequest[] = [];
  const service = await startService(
    {
      operations: ['any'],
      now,
      latencyMs: () => 0,
      maxBodyBytes: 1_048_576,
      watch,
      observe({ method, path, headers }) {
        const secrets = headers.authorization !== undefined || headers['x-sekoiaio-intake-key'] !== undefined;
        requests.push({ address: `${method} ${path}`, secrets });
        return { operation: 'any' };
      },
      answer: async () => ({ ...emptyAnswer(200, { 'Content-Type': 'application/json' }), body: Buffer.from('[]') }),
      failed: () => undefined,
    },
    now,
    createRandom(0),
  );
  return { origin: service.origin, requests, close: service.close };
}
