import type { TransactionAction } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionKey } from '../../shared/ledger/keys.ts';
import { createLedger } from '../../shared/ledger/ledger.ts';
import { type Azurite, startAzurite } from '../host/azurite.ts';
import { createLosingTable } from './losing-table.ts';

const start = Date.parse('2026-11-20T10:20:00Z');
const scope = { tenantId: 'tenant', contentType: 'Audit.Exchange' } as const;
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

describe('a look at a scope', () => {
  it('shows its subscription, however much is quarantined', async () => {
    const { table } = await createLosingTable(azurite.connectionString);
    const ledger = createLedger(table, () => start);
    const state = { status: 'disabled', lastStart: start, startedBy: '', code: 'subscription_disabled' } as const;
    await ledger.writeSubscription(scope, { ...state, message: 'm', remedy: 'r' });
    const time = new Date(start).toISOString();
    for (let part = 0; part < 21; part += 1) {
      const actions = Array.from({ length: 100 }, (_, index): TransactionAction => {
        const rowKey = `q|2026-11-20T09|${String(part * 100 + index).padStart(4, '0')}`;
        const columns = { created: time, expires: time, listed: time, code: 'content_malformed' };
        return ['create', { partitionKey: partitionKey(scope), rowKey, ...columns }];
      });
      await table.submitTransaction(actions);
    }
    const view = await ledger.viewScope(scope);
    expect(view.more).toEqual({ open: false, quarantined: true });
    expect(view.quarantined).toHaveLength(2_000);
    expect(view.subscription).toMatchObject({ status: 'disabled', code: 'subscription_disabled' });
  });
});
