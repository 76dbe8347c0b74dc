import { QueueClient } from '@azure/storage-queue';
import { describe, expect, it } from 'vitest';
import { createScenario } from './scenario-world.ts';

const good = {
  version: 1,
  tenantId: '11111111-1111-1111-1111-111111111111',
  contentType: 'Audit.Exchange',
  contentId: 'content-1',
  contentUri: 'https://stranger.example/blob',
  created: 1,
  expires: 2,
  listed: 1,
  attempts: 0,
  sentRecords: 0,
  sentBytes: 0,
  sentCrc32: 0,
  possiblyDoubled: 0,
  refusedRecords: [],
  missing: 0,
  reopened: 0,
  etag: 'W/"1"',
};

const bad: readonly (readonly [string, string])[] = [
  ['not JSON', 'hello\u2028\n<script>'],
  ['a JSON array', '[1,2]'],
  ['an older version', JSON.stringify({ ...good, version: 0 })],
  ['a message without its contentUri', JSON.stringify({ ...good, contentUri: undefined })],
  ['a number that is none', JSON.stringify({ ...good, attempts: '1' })],
  ['an unknown content type', JSON.stringify({ ...good, contentType: 'Audit.Unknown' })],
  ['another tenant', JSON.stringify(good)],
];

describe('a queue message that is not ours', () => {
  it.each(bad)('is dropped with one event, and nothing is sent anywhere: %s', async (_, text) => {
    const world = await createScenario({ settings: { CONTENT_TYPES: 'Audit.Exchange' } });
    await world.runFor(1);
    const requests = world.simulator.office.requests.total;
    const queue = new QueueClient(world.connectionString, 'm365-audit-contents');
    await queue.sendMessage(text);
    await world.host.drain();
    expect(world.events.filter(({ event }) => event === 'message.rejected')).toMatchObject([
      { level: 'error', code: 'message_invalid' },
    ]);
    expect(JSON.stringify(world.events)).not.toMatch(/[^\x20-\x7e]/);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
    expect(world.simulator.office.requests.total).toBe(requests);
    expect(world.simulator.siem.requests.total).toBe(0);
  });

  it('is dropped when it names another host, and what it names is not in the ledger', async () => {
    const world = await createScenario({ settings: { CONTENT_TYPES: 'Audit.Exchange' } });
    await world.runFor(1);
    const queue = new QueueClient(world.connectionString, 'm365-audit-contents');
    const forged = { ...good, tenantId: world.tenant.tenantId, contentUri: `${world.simulator.stranger.origin}/blob` };
    await queue.sendMessage(JSON.stringify(forged));
    await world.host.drain();
    expect(world.simulator.stranger.requests).toEqual([]);
    expect(world.simulator.siem.requests.total).toBe(0);
    expect(world.events.filter(({ event }) => event === 'message.rejected')).toMatchObject([
      { code: 'address_rejected' },
    ]);
  });
});
