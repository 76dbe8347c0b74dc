import { describe, expect, it } from 'vitest';
import type { Status, TypeStatus } from '../../shared/status/status.ts';
import { refusedWith } from '../simulator/api-faults.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const settings = { CONTENT_TYPES: 'Audit.Exchange' };
const types = { CONTENT_TYPES: 'Audit.AzureActiveDirectory,Audit.Exchange,Audit.SharePoint,Audit.General,DLP.All' };

async function ask(world: ScenarioWorld, accept: string, query = ''): Promise<Response> {
  const headers = { accept, 'x-functions-key': world.host.http?.functionKey ?? '' };
  return fetch(`${world.host.http?.url}/api/status${query}`, { headers });
}

async function readStatus(world: ScenarioWorld, query = ''): Promise<Status> {
  return (await ask(world, 'application/json', query)).json() as Promise<Status>;
}

/** The first content type of the first tenant. */
async function readType(world: ScenarioWorld): Promise<TypeStatus> {
  const [type] = (await readStatus(world)).tenants[0]?.types ?? [];
  if (!type) throw new Error('there is no content type');
  return type;
}

function publishEvery(world: ScenarioWorld, minutes: number, from: number, to: number): void {
  for (let minute = from; minute < to; minute += minutes) {
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records: 2 });
  }
}

describe('GET /api/status', () => {
  it('wants the function key, and says when it knows no such tenant', async () => {
    const world = await createScenario({ settings });
    expect((await fetch(`${world.host.http?.url}/api/status`)).status).toBe(401);
    expect((await ask(world, '*/*', '?tenant=nobody')).status).toBe(404);
  });

  it('is JSON for machines and a page for people, at the same address', async () => {
    const world = await createScenario({ settings });
    await world.runFor(2);
    const json = await ask(world, 'application/json');
    expect([json.status, json.headers.get('content-type'), json.headers.get('cache-control')]).toEqual([
      200,
      'application/json',
      'no-store',
    ]);
    const page = await ask(world, 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await page.text()).toMatch(/^<!doctype html>/);
  });

  it('is there for people who have signed in, while App Service Authentication is on and never otherwise', async () => {
    const plain = await createScenario({ settings });
    const signedIn = { 'x-ms-client-principal-id': '6f1c0c57-0f3a-4a57-9d4e-6a6a7e7a0001' };
    expect((await fetch(`${plain.host.http?.url}/api/dashboard`, { headers: signedIn })).status).toBe(404);
    await plain.restart({ ...settings, WEBSITE_AUTH_ENABLED: 'True' });
    const address = `${plain.host.http?.url}/api/dashboard`;
    const stranger = await fetch(address, { redirect: 'manual' });
    expect([stranger.status, stranger.headers.get('location')]).toEqual([
      302,
      '/.auth/login/aad?post_login_redirect_uri=/api/dashboard',
    ]);
    const page = await fetch(address, { headers: signedIn });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await fetch(`${plain.host.http?.url}/api/status`, { headers: signedIn })).status).toBe(401);
  });

  it('of a tenant that was never listed says so', async () => {
    const world = await createScenario({ settings });
    expect(await readType(world)).toMatchObject({ state: 'quiet', listedUntil: null, sums: { listed: 0 } });
  });

  it('shows what arrived, hour by hour, and the hours that balance', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 10, -20 * 60, 60);
    await world.runFor(60, 5);
    const type = await readType(world);
    expect(type).toMatchObject({
      state: 'ok',
      open: { contents: 0 },
      quarantined: { contents: 0 },
      lost: [],
      pauses: [],
    });
    expect(type.sentence).toContain('contents in the last 24 hours');
    expect(type.subscription).toMatchObject({
      status: 'enabled',
      startedAt: expect.stringContaining('2026-11-20T10:'),
    });
    const { listed, forwarded, settled, records } = type.sums;
    expect([listed, forwarded + settled]).toEqual([126, 126]);
    expect(records).toBe(forwarded * 2);
    expect(type.hours).toHaveLength(168);
    expect(type.hours.at(-6)).toMatchObject({ state: 'complete', listed: 6, forwarded: 6, records: 12 });
    expect(type.hours.at(-6)?.lagMeanSeconds).toBeGreaterThan(3600);
    expect(type.hours.at(-2)).toMatchObject({ state: 'running', listed: 6, forwarded: null });
    expect(type.hours.at(-30)).toMatchObject({ state: 'none', listed: 0 });
  });

  it('shows how late contents became listable', async () => {
    const world = await createScenario({ settings });
    await world.runFor(30, 5);
    const publish = (created: number, visible: number) =>
      world.tenant.publish({
        contentType: 'Audit.Exchange',
        createdAt: world.at(created),
        visibleFrom: world.at(visible),
        records: 1,
      });
    publish(31, 38);
    publish(32, 70);
    publish(33, 34);
    await world.runFor(90, 2);
    expect((await readType(world)).late).toMatchObject({ upTo10Minutes: 1, upTo1Hour: 1, upTo6Hours: 0 });
  });

  it('is paused while a service is down, and broken while somebody has to act, with the remedy', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 5, -60, 120);
    await world.runFor(10);
    world.simulator.siem.down();
    await world.runFor(20);
    expect(await readType(world)).toMatchObject({
      state: 'paused',
      code: 'destination_unavailable',
      pauses: [{ gate: 'destination' }],
      open: { contents: expect.any(Number) },
    });
    world.simulator.siem.up();
    await world.runFor(30);
    expect((await readType(world)).state).toBe('ok');
    world.simulator.login.revokeTokens();
    world.simulator.login.refuseNext(7000222, 100);
    await world.runFor(10);
    const status = await readStatus(world);
    expect(status).toMatchObject({ state: 'broken', tenants: [{ state: 'broken' }] });
    expect(status.tenants[0]?.types[0]).toMatchObject({
      sentence: expect.stringContaining('the client secret has expired'),
      remedy: expect.stringContaining('Certificates & secrets'),
      code: 'login_refused',
    });
  });

  it('is behind while contents wait, or the listing does not run, or some are set aside', async () => {
    const world = await createScenario({ settings });
    publishEvery(world, 5, -30, 0);
    await world.runFor(5);
    world.pass(40);
    expect(await readType(world)).toMatchObject({
      state: 'behind',
      sentence: expect.stringContaining('Nothing has been listed for'),
    });
    world.simulator.office.faults.add({ match: { operation: 'download' }, answer: refusedWith('AF20050') });
    publishEvery(world, 5, 30, 45);
    await world.runFor(30);
    expect(await readType(world)).toMatchObject({
      state: 'behind',
      sentence: expect.stringMatching(/^3 contents wait to be forwarded, the oldest for/),
      open: { contents: 3, codes: { content_missing: 3 } },
    });
  });

  it('names the tenants that are left out', async () => {
    const world = await createScenario({ tenants: 2, settings: { ...settings, TENANT_2_CLIENT_SECRET: '' } });
    await world.runFor(2);
    const status = await readStatus(world);
    expect(status).toMatchObject({ state: 'broken', leftOut: [{ where: 'TENANTS item 2' }] });
    expect(status.tenants.map(({ state }) => state)).toEqual(['quiet']);
    expect(await (await ask(world, 'text/html')).text()).toContain('is not collected: its settings are wrong');
  });

  it('of many tenants has no hours, and of one of them has', async () => {
    const world = await createScenario({ settings, tenants: 9 });
    await world.runFor(2);
    const [first] = world.simulator.tenants;
    const hoursOf = ({ tenants }: Status) => tenants.map(({ types: [type] }) => type?.hours.length);
    expect(hoursOf(await readStatus(world))).toEqual(Array.from({ length: 9 }, () => 0));
    expect(hoursOf(await readStatus(world, `?tenant=${first?.tenantId}`))).toEqual([168]);
  });

  it('costs twenty requests to storage a tenant of five types at most, however much is open', async () => {
    const world = await createScenario({ settings: types });
    for (const contentType of types.CONTENT_TYPES.split(',') as 'Audit.General'[]) {
      for (let content = 0; content < 2_300; content += 1) {
        world.tenant.publish({ contentType, createdAt: world.at(-content / 20), records: 1 });
      }
    }
    world.simulator.siem.down();
    await world.runFor(3);
    const before = world.storageRequests;
    const status = await readStatus(world);
    // One more for the pauses of all tenants, and two that see to table and queue once a process.
    expect(world.storageRequests - before).toBeLessThanOrEqual(20 + 1 + 2);
    for (const { open } of status.tenants[0]?.types ?? []) {
      expect(open.contents).toBeGreaterThan(900);
      expect(open.more).toBe(true);
    }
  });
});
