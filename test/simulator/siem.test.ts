import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compare } from './audit.ts';
import { maxEventBytes, maxRequestBytes } from './intake.ts';
import { acceptedWith, fewerIds, intakeRefused, intakeThrottled } from './intake-faults.ts';
import { call, jsonOf, type PlainAnswer } from './plain-client.ts';
import type { AcceptedLines } from './siem-store.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';
import { createSimulator, type Simulator } from './simulator.ts';
import { answerLostAfterAcceptance } from './wire-faults.ts';

let simulator: Simulator;
let tenant: SimulatedTenant;
let other: SimulatedTenant;
let time: number;

beforeEach(async () => {
  time = Date.parse('2026-11-22T15:15:00Z');
  simulator = await createSimulator({ tenants: 2, now: () => time });
  [tenant, other = tenant] = [simulator.tenant, simulator.tenants[1]];
});
afterEach(() => simulator.close());

interface Sending {
  readonly key?: string;
  readonly gzip?: boolean;
}

function send(body: string | Buffer, { key = tenant.intakeKey, gzip = false }: Sending = {}): Promise<PlainAnswer> {
  return call(`${simulator.siem.origin}/plain/batch`, {
    method: 'POST',
    headers: {
      'X-SEKOIAIO-INTAKE-KEY': key,
      'Content-Type': 'text/plain',
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    },
    body: gzip ? gzipSync(body) : body,
  });
}

const idsOf = (answer: PlainAnswer): string[] => jsonOf<{ event_ids: string[] }>(answer).event_ids;
const texts = (lines: readonly Buffer[]): string[] => lines.map(String);

describe('an accepted batch', () => {
  test('may be one JSON object with the key and the events as texts', async () => {
    const body = JSON.stringify({ intake_key: tenant.intakeKey, jsons: ['{"a":1}', '{"é":2}'] });
    const answer = await call(`${simulator.siem.origin}/batch`, { method: 'POST', body });
    expect(idsOf(answer)).toHaveLength(2);
    expect(texts(simulator.siem.records(tenant))).toEqual(['{"a":1}', '{"é":2}']);
    const refused = await call(`${simulator.siem.origin}/batch`, { method: 'POST', body: '{"jsons":["{}"]}' });
    expect(refused.status).toBe(401);
  });

  test('is kept line by line under its tenant, and every line gets an id', async () => {
    const batches: AcceptedLines[] = [];
    const stop = simulator.siem.onBatch((batch) => batches.push(batch));
    const answer = await send('{"a":1}\n{"é":2}\n{"a":1}');
    expect(answer.status).toBe(200);
    expect(new Set(idsOf(answer)).size).toBe(3);
    time += 500;
    await send('{"b":1}\n', { key: other.intakeKey, gzip: true });
    stop();
    expect(texts(simulator.siem.records(tenant))).toEqual(['{"a":1}', '{"é":2}', '{"a":1}']);
    expect(texts(simulator.siem.records())).toEqual(['{"a":1}', '{"é":2}', '{"a":1}', '{"b":1}']);
    expect(simulator.siem.arrived(tenant)).toMatchObject({ requests: 1, records: 3, bytes: 22 });
    expect(simulator.siem.arrivals.map(({ at, records }) => [at, records])).toEqual([
      [time - 500, 3],
      [time, 1],
    ]);
    expect(batches.map(({ tenantId, lines }) => [tenantId, lines.length])).toEqual([
      [tenant.tenantId, 3],
      [other.tenantId, 1],
    ]);
    expect([...simulator.siem.encodings]).toEqual([
      ['text/plain; identity', 1],
      ['text/plain; gzip', 1],
    ]);
    expect(simulator.siem.violations).toEqual([]);
  });

  test('loses what is too long for an event without a word', async () => {
    const long = 'x'.repeat(maxEventBytes + 1);
    expect(idsOf(await send(`{"a":1}\n${long}\n${long.slice(1)}`))).toHaveLength(3);
    expect(simulator.siem.records().map((line) => line.length)).toEqual([7, maxEventBytes]);
    expect(simulator.siem.violations).toHaveLength(1);
  });

  test('does not keep lines that nobody wants to see again', async () => {
    simulator.siem.keepRecords = false;
    await send('{"a":1}');
    expect(simulator.siem.records()).toEqual([]);
    expect(simulator.siem.arrived(tenant).multiset.count(Buffer.from('{"a":1}'))).toBe(1);
  });
});

describe('a refused request', () => {
  test('has no key, a wrong key or a key that was taken away', async () => {
    expect((await call(`${simulator.siem.origin}/plain/batch`, { method: 'POST', body: 'a' })).status).toBe(401);
    expect((await send('a', { key: 'wrong' })).status).toBe(403);
    simulator.siem.refuseKey(tenant);
    expect((await send('a')).status).toBe(403);
    simulator.siem.acceptKey(tenant);
    expect((await send('a')).status).toBe(200);
  });

  test('is too large, before or after decompression', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const most = line.repeat(maxRequestBytes / 100);
    expect((await send(most)).status).toBe(200);
    for (const gzip of [false, true]) expect((await send(`${most}${line}`, { gzip })).status).toBe(413);
    simulator.siem.maxBytes = 150;
    expect((await send(line)).status).toBe(200);
    expect((await send(line + line)).status).toBe(413);
  });

  test('is not what it says, or goes elsewhere', async () => {
    const headers = { 'X-SEKOIAIO-INTAKE-KEY': tenant.intakeKey, 'Content-Encoding': 'gzip' };
    const answer = await call(`${simulator.siem.origin}/plain/batch`, { method: 'POST', headers, body: 'plain' });
    expect(answer.status).toBe(400);
    expect((await call(`${simulator.siem.origin}/jsons`, { method: 'POST', headers })).status).toBe(404);
    expect(simulator.siem.violations).toEqual(['unknown address: POST /jsons']);
  });

  test('holds a record that is not liked', async () => {
    simulator.siem.refuseRecord = (line) => line.includes('"bad"');
    expect((await send('{"a":1}\n{"bad":1}')).status).toBe(400);
    expect((await send('{"a":1}')).status).toBe(200);
    expect(simulator.siem.arrived(tenant).records).toBe(1);
  });

  test('holds nothing at all, which only asks whether the key is good', async () => {
    const answer = await send('');
    expect([answer.status, jsonOf(answer)]).toEqual([400, { message: 'No events' }]);
    expect((await send('', { key: 'wrong' })).status).toBe(403);
    expect(simulator.siem.violations).toEqual([]);
  });

  test('has empty lines or nothing else in it', async () => {
    expect((await send('{"a":1}\n\n{"b":1}\r\n')).status).toBe(200);
    expect((await send('\n\n')).status).toBe(400);
    expect(simulator.siem.violations).toEqual([
      'empty line',
      'a line ends in a carriage return',
      'empty line',
      'empty line',
      'request without events',
    ]);
  });
});

describe('a SIEM that is not well', () => {
  test('is down, throttles, refuses or answers otherwise than it should', async () => {
    const { siem } = simulator;
    siem.down({ until: time + 1_000 });
    expect((await send('a')).status).toBe(503);
    siem.down({ how: 'reset' });
    await expect(send('a')).rejects.toThrow(/hang up|ECONNRESET/);
    siem.up();
    siem.faults.add({ times: 1, answer: intakeThrottled(3) });
    const throttled = await send('a');
    expect([throttled.status, throttled.headers['retry-after']]).toEqual([429, '3']);
    siem.faults.add({ times: 1, match: { tenantId: other.tenantId }, answer: intakeRefused(404) });
    expect((await send('a', { key: other.intakeKey })).status).toBe(404);
    expect(siem.records()).toEqual([]);
    siem.faults.add({ times: 1, answer: fewerIds(2) });
    expect(idsOf(await send('a\nb\nc'))).toHaveLength(1);
    siem.faults.add({ times: 1, answer: acceptedWith(202) });
    expect((await send('d')).status).toBe(202);
    siem.faults.add({ times: 1, answer: answerLostAfterAcceptance() });
    await expect(send('e')).rejects.toThrow(/hang up|ECONNRESET/);
    expect(texts(siem.records())).toEqual(['a', 'b', 'c', 'd', 'e']);
    siem.clear();
    expect(siem.records()).toEqual([]);
  });
});

describe('comparing', () => {
  test('finds what is missing, doubled and unknown, and nothing else', async () => {
    const first = tenant.publish({ contentType: 'Audit.Exchange', createdAt: time, records: 20, shape: 'pretty' });
    tenant.publish({ contentType: 'Audit.Exchange', createdAt: time, records: 3, shape: 'truncated' });
    const lost = tenant.publish({ contentType: 'Audit.Exchange', createdAt: time, records: 3 });
    tenant.lost.add(lost.contentId);
    const repeated = Buffer.from('{"same":1}');
    tenant.publish({ contentType: 'Audit.General', createdAt: time, records: [repeated, repeated] });
    await send(`${first.records.slice(5).reverse().join('\n')}\n${repeated}\n${repeated}\n${repeated}\n{"new":1}`);
    const found = await compare(tenant, simulator.siem);
    expect(found).toMatchObject({ published: 22, arrived: 19, missing: 5, doubled: 1, unknown: 1 });
    expect(found.examples[0]).toBe(`${first.contentId} [0]`);
    expect(found.sha256.arrived).not.toBe(found.sha256.published);
  });

  test('is content when everything arrived once, in any order', async () => {
    const streamed = Array.from({ length: 3_000 }, (_, index) => Buffer.from(`{"Id":${index}}`));
    tenant.publish({
      contentType: 'DLP.All',
      createdAt: time,
      stream: async function* () {
        yield* streamed;
      },
    });
    tenant.publish({ contentType: 'Audit.SharePoint', createdAt: time, records: 500 });
    const all = [...streamed, ...(tenant.contents[1]?.records ?? [])].reverse();
    for (let start = 0; start < all.length; start += 700) await send(all.slice(start, start + 700).join('\n'));
    const { sha256, ...counts } = await compare(tenant, simulator.siem);
    expect(counts).toEqual({ published: 3_500, arrived: 3_500, missing: 0, doubled: 0, unknown: 0, examples: [] });
    expect(sha256.arrived).toBe(sha256.published);
    const { contents } = tenant;
    expect(await compare(tenant, simulator.siem, { contents: contents.slice(1) })).toMatchObject({ unknown: 3_000 });
  });
});
