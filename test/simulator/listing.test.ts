import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changedNextPage, deadPageToken, duplicatedItems, foreignContentUris, type ListedItem } from './api-faults.ts';
import { type FeedClient, jsonOf, logIn, type PlainAnswer } from './plain-client.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import { createSimulator, type Simulator } from './simulator.ts';

let simulator: Simulator;
let tenant: SimulatedTenant;
let client: FeedClient;
let time: number;

const type = 'Audit.SharePoint';

beforeEach(async () => {
  time = Date.parse('2026-11-22T15:15:00Z');
  simulator = await createSimulator({ now: () => time });
  tenant = simulator.tenant;
  tenant.subscriptions.preset(type);
  client = await logIn(simulator);
});
afterEach(() => simulator.close());

function list(startTime?: string, endTime?: string, contentType: string = type): Promise<PlainAnswer> {
  const start = startTime === undefined ? '' : `&startTime=${startTime}`;
  const end = endTime === undefined ? '' : `&endTime=${endTime}`;
  return client.get(`subscriptions/content?contentType=${contentType}${start}${end}`);
}

function codeOf(answer: PlainAnswer): [number, string] {
  return [answer.status, jsonOf<{ error: { code: string } }>(answer).error.code];
}

function publishMany(count: number): string[] {
  const contents = Array.from({ length: count }, (_, index) =>
    tenant.publish({ contentType: type, createdAt: Date.parse('2026-11-22T14:00:00Z') + index, records: 1 }),
  );
  return contents.map(({ contentId }) => contentId);
}

const idsOf = (items: readonly ListedItem[]): string[] => items.map(({ contentId }) => contentId);

describe('a window', () => {
  test('holds its start and not its end, and only what is visible and not over', async () => {
    tenant.publish({ contentType: type, createdAt: '14:00', records: 1 });
    const inside = tenant.publish({ contentType: type, createdAt: '14:30', records: 1 });
    tenant.publish({ contentType: type, createdAt: '14:40', visibleFrom: '15:15:01', records: 1 });
    tenant.publish({ contentType: type, createdAt: '14:40', expiresAt: '15:15', records: 1 });
    tenant.publish({ contentType: 'Audit.Exchange', createdAt: '14:30', records: 1 });
    tenant.publish({ contentType: type, createdAt: '15:00', records: 1 });
    const answer = await list('2026-11-22T14:00:01', '2026-11-22T15:00:00');
    expect(jsonOf(answer)).toEqual([
      {
        contentUri: simulator.office.contentUri(inside),
        contentId: inside.contentId,
        contentType: type,
        contentCreated: '2026-11-22T14:30:00.000Z',
        contentExpiration: '2026-11-29T14:30:00.000Z',
      },
    ]);
    expect(jsonOf(await list('2026-11-22T14:00', '2026-11-22T14:30'))).toHaveLength(1);
    time += 1_000;
    expect(jsonOf(await list('2026-11-22', '2026-11-22T23:59'))).toHaveLength(4);
    expect(simulator.office.violations).toEqual([]);
  });

  test('is the last 24 hours when no times are given', async () => {
    tenant.publish({ contentType: type, createdAt: '2026-11-21T15:14:59', records: 1 });
    tenant.publish({ contentType: type, createdAt: '2026-11-21T15:15:00', records: 1 });
    expect(jsonOf(await list())).toHaveLength(1);
  });

  test.each([
    ['one time alone', '2026-11-22T14:00:00', undefined, 'AF20030'],
    ['more than 24 hours', '2026-11-21T14:00:00', '2026-11-22T14:00:01', 'AF20030'],
    ['exactly 24 hours', '2026-11-21T14:00:00', '2026-11-22T14:00:00', 'AF20055'],
    ['an end at the start', '2026-11-21T14:00:00', '2026-11-21T14:00:00', 'AF20055'],
    ['a start more than 7 days back', '2026-11-15T15:14:59', '2026-11-15T16:00:00', 'AF20055'],
    ['no time at all', 'yesterday', '2026-11-15T16:00:00', 'AF20002'],
  ])('with %s is refused and noted', async (_, start, end, code) => {
    expect(codeOf(await list(start, end))).toEqual([400, code]);
    expect(simulator.office.violations).toHaveLength(1);
  });

  test('goes by the clock of the server, which its Date header tells', async () => {
    simulator.office.clockOffsetMs = 600_000;
    const answer = await list('2026-11-15T15:20:00', '2026-11-15T16:00:00');
    expect(codeOf(answer)).toEqual([400, 'AF20055']);
    expect(answer.headers.date).toBe('Sun, 22 Nov 2026 15:25:00 GMT');
  });

  test('in another format is answered and noted', async () => {
    expect((await list('2026-11-22T14:00:00.000Z', '2026-11-22T15:00:00.000Z')).status).toBe(200);
    expect(simulator.office.violations).toHaveLength(1);
  });

  test('needs a subscription that is on', async () => {
    expect(codeOf(await list(undefined, undefined, 'Audit.General'))).toEqual([400, 'AF20022']);
    tenant.subscriptions.disable(type);
    expect(codeOf(await list())).toEqual([403, 'AF20023']);
    expect(codeOf(await list(undefined, undefined, 'Audit.Nothing'))).toEqual([400, 'AF20020']);
  });

  test('can stay empty for a while after the start', async () => {
    publishMany(1);
    simulator.office.newSubscriptionSilenceMs = 1_800_000;
    tenant.subscriptions.preset(type, { startedAt: time });
    expect(jsonOf(await list())).toEqual([]);
    time += 1_800_000;
    expect(jsonOf(await list())).toHaveLength(1);
  });
});

describe('pages', () => {
  test('hold everything once, in no order, behind addresses that are written otherwise', async () => {
    const ids = publishMany(250);
    const first = await list('2026-11-22T14:00:00', '2026-11-22T15:00:00');
    expect(jsonOf(first)).toHaveLength(100);
    const next = String(first.headers['nextpageuri']);
    expect(next).toMatch(/\?contenttype=.*&starttime=2026-11-22T14%3A00%3A00\.0000000Z&.*&nextpage=.*\$/);
    const listed = idsOf(await client.listAll(type, '2026-11-22T14:00:00', '2026-11-22T15:00:00'));
    expect(listed).not.toEqual(ids);
    expect([...listed].sort()).toEqual([...ids].sort());
    expect(simulator.office.requests.byOperation).toMatchObject({ content: 2, page: 2 });
    expect(simulator.office.violations).toEqual([]);
  });

  test('write the name of the header in any case', async () => {
    publishMany(101);
    const names = new Set<string | undefined>();
    for (let turn = 0; turn < 4; turn += 1) {
      const { headerNames } = await list('2026-11-22T14:00:00', '2026-11-22T15:00:00');
      names.add(headerNames.find((name) => name.toLowerCase() === 'nextpageuri'));
    }
    expect(names.size).toBe(4);
  });

  test('show what was there when the listing began', async () => {
    simulator.office.pageSize = 10;
    publishMany(15);
    const first = await list('2026-11-22T14:00:00', '2026-11-22T15:00:00');
    publishMany(15);
    const second = await client.follow(String(first.headers['nextpageuri']));
    expect(jsonOf(second)).toHaveLength(5);
    expect(second.headers['nextpageuri']).toBeUndefined();
    expect(await client.listAll(type, '2026-11-22T14:00:00', '2026-11-22T15:00:00')).toHaveLength(30);
  });

  test('are refused when the address comes back changed, the token is too old or was killed', async () => {
    simulator.office.pageSize = 10;
    publishMany(15);
    const next = async (): Promise<string> =>
      String((await list('2026-11-22T14:00:00', '2026-11-22T15:00:00')).headers['nextpageuri']);
    const address = await next();
    expect((await client.follow(address)).status).toBe(200);
    expect(codeOf(await client.follow(address.replace('14%3A00', '14%3A01')))).toEqual([400, 'AF20031']);
    expect(simulator.office.violations).toEqual([`${type}: NextPageUri came back changed`]);
    simulator.office.killPageTokens();
    expect(codeOf(await client.follow(address))).toEqual([400, 'AF20031']);
    const another = await next();
    time += 3_600_000;
    client = await logIn(simulator);
    expect(codeOf(await client.follow(another))).toEqual([400, 'AF20031']);
  });

  test('can be faulty in every way that is known', async () => {
    simulator.office.pageSize = 10;
    publishMany(15);
    const window = ['2026-11-22T14:00:00', '2026-11-22T15:00:00'] as const;
    const { faults } = simulator.office;
    faults.add({ match: { operation: 'page' }, times: 1, answer: deadPageToken() });
    await expect(client.listAll(type, ...window)).rejects.toThrow(/AF20031/);
    faults.add({ match: { operation: 'content', contentType: type }, times: 1, answer: duplicatedItems() });
    expect(jsonOf(await list(...window))).toHaveLength(20);
    faults.add({ times: 1, answer: foreignContentUris(simulator.stranger.origin) });
    const [item] = jsonOf<ListedItem[]>(await list(...window));
    expect(item?.contentUri.startsWith(`${simulator.stranger.origin}/api/v1.0/`)).toBe(true);
    faults.add({ times: 1, answer: changedNextPage(() => `${simulator.stranger.origin}/more`) });
    const { headers } = await list(...window);
    await client.follow(String(headers['nextpageuri']));
    expect(simulator.stranger.requests).toEqual([{ address: 'GET /more', secrets: true }]);
  });
});
