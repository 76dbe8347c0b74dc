import { describe, expect, it } from 'vitest';
import { createSekoia } from '../../shared/destinations/sekoia.ts';
import { CollectorError } from '../../shared/errors.ts';
import { createBlockPool } from '../../shared/forwarding/blocks.ts';
import { beginTransfer, runTransfer, type TransferPorts } from '../../shared/forwarding/transfer.ts';
import type { Claim } from '../../shared/ledger/claims.ts';
import { Secret } from '../../shared/settings/secret.ts';

const never = new AbortController().signal;
const claim: Claim = {
  owner: 'message#1',
  until: Date.now() + 600_000,
  content: {
    scope: { tenantId: 'tenant', contentType: 'Audit.Exchange' },
    contentId: 'content',
    contentUri: 'https://manage.office.com/content',
    created: 0,
    expires: Number.MAX_SAFE_INTEGER,
    listed: 0,
    attempts: 1,
    sent: { records: 0, bytes: 0, crc32: 0 },
    possiblyDoubled: 0,
    refusedRecords: [],
    missing: 0,
    reopened: 0,
    etag: '',
  },
};

/** Three batches and more, in chunks; ends when it is not wanted any more, as a connection does. */
async function* body(signal: AbortSignal): AsyncGenerator<Buffer> {
  yield Buffer.from('[');
  for (let count = 0; count < 40; count += 1) {
    await new Promise(setImmediate);
    signal.throwIfAborted();
    yield Buffer.from(`${count === 0 ? '' : ','}"${'x'.repeat(100_000)}"`);
  }
  yield Buffer.from(']');
}

describe('a transfer whose destination fails', () => {
  it.each([1, 2, 3])('ends with %i blocks to be had, and gives all of them back', async (count) => {
    const pool = createBlockPool({ blockBytes: 1.25 * 1024 * 1024, count });
    let posts = 0;
    const ports = {
      api: { download: async (_type: string, _uri: string, signal: AbortSignal) => body(signal) },
      destination: createSekoia({
        type: 'sekoia',
        url: 'https://intake.sekoia.io',
        intakeKey: new Secret('key'),
      }),
      http: {
        async send() {
          posts += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
          throw new CollectorError('The connection broke off', { code: 'network_failed', disposition: 'retry' });
        },
        close: () => undefined,
      },
      claims: { noteProgress: async (same: Claim) => same },
      pool,
      now: Date.now,
      refused: () => undefined,
    } as unknown as TransferPorts;
    const transfer = beginTransfer(claim, { alone: true, leave: () => undefined }, 0);
    await expect(runTransfer(transfer, ports, never)).rejects.toMatchObject({ code: 'destination_unconfirmed' });
    expect(posts).toBe(1);
    const all = await Promise.all(Array.from({ length: count }, () => pool.take(never)));
    expect(new Set(all).size).toBe(count);
  });
});
