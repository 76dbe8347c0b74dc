import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../shared/errors.ts';
import { noContents } from '../../shared/ledger/hour-contents.ts';
import type { Order } from '../../shared/ledger/jobs.ts';
import { contentRowKey } from '../../shared/ledger/keys.ts';
import type { SettledContent, SettledRange } from '../../shared/ledger/replays.ts';
import type { ListingPage, ManagementApi, TimeWindow } from '../../shared/management-api/management-api.ts';
import { previewBackfill, previewReplay } from '../../shared/operating/previews.ts';
import type { Pause } from '../../shared/resilience/pause-plan.ts';

const hour = 60 * 60_000;
const now = Date.parse('2026-11-20T10:00:00Z');
const contentType = 'Audit.Exchange';
const order: Order = {
  kind: 'replay',
  tenantId: 'tenant',
  contentTypes: [contentType, 'Audit.General'],
  from: now - 12 * hour,
  to: now,
  states: ['forwarded', 'quarantined'],
  contentIds: [],
};
const open = { closed: () => undefined };
const signal = new AbortController().signal;

/** A ledger with so many contents of a type and state; every tenth has expired. */
function ledgerOf(counts: Readonly<Record<string, number>>) {
  return {
    async readSettled({ scope, state, after }: SettledRange, limit: number) {
      const start = after === undefined ? 0 : Number(after) + 1;
      const end = Math.min(start + limit, counts[`${scope.contentType} ${state}`] ?? 0);
      const rows: Partial<SettledContent>[] = [];
      for (let index = start; index < end; index += 1) {
        const records = state === 'forwarded' ? 2 : 0;
        const expires = index % 10 === 0 ? now : now + 24 * hour;
        const row = { records } as SettledContent['row'];
        rows.push({ contentId: `content ${index}`, rowKey: String(index), expires, row });
      }
      return rows as SettledContent[];
    },
  };
}

/** An API that shows so many contents an hour, the first half again on a second page. */
function apiOf(perHour: number): Pick<ManagementApi, 'listContents'> {
  return {
    async listContents(_type, { from, to }: TimeWindow, nextPage): Promise<ListingPage> {
      const count = Math.round((perHour * (to - from)) / hour);
      const contents = Array.from({ length: nextPage ? count / 2 : count }, (_, index) => {
        const created = from + Math.floor((index * (to - from)) / count);
        return { contentId: `${created}`, contentUri: 'uri', created, expires: now };
      });
      return { contents, invalid: 0, ...(nextPage === undefined ? { nextPage: 'page 2' } : {}) };
    },
  };
}

describe('the preview of a replay', () => {
  it('counts by type and state what would be opened, and what would stand twice', async () => {
    const ledger = ledgerOf({ [`${contentType} forwarded`]: 2_500, 'Audit.General quarantined': 20 });
    expect(await previewReplay(order, ledger, now, signal)).toEqual({
      contents: [
        { contentType, state: 'forwarded', count: 2_500, expired: 250 },
        { contentType: 'Audit.General', state: 'quarantined', count: 20, expired: 2 },
      ],
      total: 2_250 + 18,
      doubledContents: 2_250,
      doubledRecords: 4_500,
      atLeast: false,
    });
  });

  it('ends at ten thousand, and says so', async () => {
    const preview = await previewReplay(order, ledgerOf({ [`${contentType} forwarded`]: 1_000_000 }), now, signal);
    expect(preview).toMatchObject({ atLeast: true });
    expect(preview.total).toBeGreaterThanOrEqual(10_000);
    expect(preview.total).toBeLessThan(11_000);
  });

  it('ends when its time is over, and says so', async () => {
    const preview = await previewReplay(order, ledgerOf({ [`${contentType} gone`]: 1 }), now, AbortSignal.abort());
    expect(preview).toMatchObject({ total: 0, atLeast: true });
  });
});

describe('the preview of a backfill', () => {
  const one = { ...order, kind: 'backfill', contentTypes: [contentType] } as const;
  const nothing = { readHourContents: async () => new Map() };

  it('counts each content once, known ones apart', async () => {
    const key = contentRowKey('quarantined', { contentId: `${order.from}`, created: order.from });
    const ledger = { readHourContents: async () => new Map([['any', { ...noContents, rowKeys: [key] }]]) };
    const tenant = { api: apiOf(10) as ManagementApi };
    expect(await previewBackfill(one, tenant, ledger, open, signal)).toEqual({
      contents: [
        { contentType, state: 'new', count: 119 },
        { contentType, state: 'known', count: 1 },
      ],
      total: 119,
      doubledContents: 0,
      doubledRecords: 0,
      atLeast: false,
    });
  });

  it('ends at ten thousand, and says so', async () => {
    const preview = await previewBackfill(one, { api: apiOf(1_500) as ManagementApi }, nothing, open, signal);
    expect(preview).toMatchObject({ atLeast: true });
    expect(preview.total).toBeGreaterThanOrEqual(10_000);
  });

  it('asks nothing of an API that is paused', async () => {
    const pause = { code: 'api_throttled', message: 'wait', remedy: 'nothing' } as Pause;
    const preview = previewBackfill(one, { api: {} as ManagementApi }, nothing, { closed: () => pause }, signal);
    await expect(preview).rejects.toThrow(CollectorError);
    await expect(preview).rejects.toMatchObject({ code: 'api_throttled', message: 'wait' });
  });
});
