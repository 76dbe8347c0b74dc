import { fail } from 'node:assert/strict';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  auditingOff,
  contentExpired,
  contentMissing,
  errorWithStatus200,
  refusedInText,
  refusedWith,
  serverError,
  staleToken,
  throttled,
  typeRefused,
} from './api-faults.ts';
import { createFaults, type FaultAnswer } from './faults.ts';
import { type FeedClient, logIn, type PlainAnswer } from './plain-client.ts';
import type { PublishedContent } from './published-content.ts';
import { createRandom } from './random.ts';
import { createSimulator, type Simulator } from './simulator.ts';
import {
  answerLostAfterAcceptance,
  answerWithheldAfterAcceptance,
  byteOrderMarkInFront,
  contentTypeHeader,
  cutConnectionAfter,
  neverAnswer,
  redirectTo,
  resetBeforeAnswer,
  slowAnswer,
  slowBody,
  truncatedBody,
} from './wire-faults.ts';

let simulator: Simulator;
let client: FeedClient;
let content: PublishedContent;
let whole: string;
let time: number;

beforeEach(async () => {
  time = Date.parse('2026-11-22T15:15:00Z');
  simulator = await createSimulator({ now: () => time });
  client = await logIn(simulator);
  content = simulator.tenant.publish({ contentType: 'Audit.General', createdAt: time, records: 30 });
  whole = `[${content.records.join(',')}]`;
});
afterEach(() => simulator.close());

function download(headers: Readonly<Record<string, string>> = {}): Promise<PlainAnswer> {
  return client.follow(simulator.office.contentUri(content), headers);
}

function once(answer: FaultAnswer): void {
  simulator.office.faults.add({ match: { operation: 'download' }, times: 1, answer });
}

describe('rules', () => {
  test('are for what they match, skip, run out, end and can be taken away', async () => {
    const { faults } = simulator.office;
    const answer = throttled();
    const { contentId, contentType } = content;
    faults.add({ match: { operation: 'list' }, answer });
    faults.add({ match: { contentType: 'Audit.Exchange' }, answer });
    faults.add({ match: { contentId: 'another' }, answer });
    faults.add({ match: ({ tenantId }) => tenantId === 'another', answer });
    expect((await download()).status).toBe(200);
    const twice = faults.add({ match: { contentId, contentType }, skip: 1, times: 2, answer });
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await download()).status);
    expect([statuses, twice.hits]).toEqual([[200, 403, 403, 200], 2]);
    faults.add({ until: time + 1_000, answer });
    expect((await download()).status).toBe(403);
    time += 1_000;
    expect((await download()).status).toBe(200);
    const handle = faults.add({ answer });
    handle.remove();
    expect((await download()).status).toBe(200);
    faults.add({ answer });
    faults.clear();
    expect((await download()).status).toBe(200);
    expect(simulator.office.violations).toEqual([]);
  });

  test('can strike by chance, the same way for the same seed', async () => {
    const strikes = async (): Promise<string> => {
      const faults = createFaults(() => 0, createRandom(5));
      faults.add({ probability: 0.3, answer: () => ({ status: 500, headers: {} }) });
      let marks = '';
      for (let turn = 0; turn < 200; turn += 1) {
        marks += (await faults.answer({ operation: 'any' }, async () => ({ status: 200, headers: {} }))).status / 100;
      }
      return marks;
    };
    const marks = await strikes();
    expect(await strikes()).toBe(marks);
    expect(marks.replaceAll('2', '').length).toBeGreaterThan(30);
    expect(marks.replaceAll('2', '').length).toBeLessThan(90);
  });
});

describe('answers', () => {
  const bodies: readonly [string, FaultAnswer, number, RegExp][] = [
    ['throttled', throttled(), 403, /"AF429".*Too many requests/],
    ['throttled with 429', throttled({ status: 429, retryAfter: 7 }), 429, /AF429/],
    ['an internal error', serverError(), 500, /AF50000/],
    ['an internal error as a page', serverError({ status: 503, body: 'html' }), 503, /<html>/],
    ['an internal error as text', serverError({ status: 502, body: 'text' }), 502, /unavailable/],
    ['an internal error and no more', serverError({ body: 'empty' }), 500, /^$/],
    ['an error with status 200', errorWithStatus200(), 200, /^\{"error"/],
    ['a code in a text', refusedInText('AF20050', 400), 400, /AF20050/],
    ['any code', refusedWith('AF20012'), 403, /AF20012/],
    ['a missing content', contentMissing(), 404, /AF20050.*\$audit_general\$/],
    ['an expired content', contentExpired(), 410, /AF20051/],
    ['a stale token', staleToken(), 401, /Authorization has been denied/],
    ['a refused type', typeRefused(), 401, /^$/],
    ['no auditing', auditingOff(500), 500, /does not exist/],
  ];
  test.each(bodies)('%s', async (_, answer, status, body) => {
    once(answer);
    const answered = await download();
    expect(answered.status).toBe(status);
    expect(answered.bytes.toString()).toMatch(body);
    expect(answered.headers['retry-after']).toBe(status === 429 ? '7' : undefined);
    expect((await download()).bytes.toString()).toBe(whole);
  });

  test('to somewhere else, of another type, and with a byte order mark', async () => {
    once(redirectTo('http://127.0.0.1:1/'));
    expect((await download()).headers.location).toBe('http://127.0.0.1:1/');
    once(contentTypeHeader(undefined));
    expect((await download()).headers['content-type']).toBeUndefined();
    once(contentTypeHeader('text/html'));
    expect((await download()).headers['content-type']).toBe('text/html');
    once(byteOrderMarkInFront());
    expect((await download({ 'Accept-Encoding': 'gzip' })).bytes.toString()).toBe(`\ufeff${whole}`);
  });
});

describe('on the wire', () => {
  test('a truncated body looks whole', async () => {
    for (const headers of [{}, { 'Accept-Encoding': 'gzip' }]) {
      once(truncatedBody(1_000));
      expect((await download(headers)).bytes.toString()).toBe(Buffer.from(whole).subarray(0, 1_000).toString());
    }
  });

  test('a cut connection does not', async () => {
    for (const headers of [{}, { 'Accept-Encoding': 'gzip' }]) {
      for (const bytes of [0, 1_000]) {
        once(cutConnectionAfter(bytes));
        await expect(download(headers)).rejects.toThrow(/aborted|hang up/);
      }
    }
    const large = simulator.tenant.publish({ contentType: 'Audit.General', createdAt: time, records: 2_500 });
    once(cutConnectionAfter(300_000));
    await expect(client.follow(simulator.office.contentUri(large))).rejects.toThrow(/aborted/);
  });

  test('a connection can be closed instead of an answer', async () => {
    for (const answer of [resetBeforeAnswer(), answerLostAfterAcceptance()]) {
      once(answer);
      await expect(download()).rejects.toThrow(/hang up|ECONNRESET/);
    }
  });

  test('a slow body and a slow answer arrive whole', async () => {
    once(slowBody({ bytesPerChunk: 4_096, delayMs: 1 }));
    expect((await download()).bytes.toString()).toBe(whole);
    once(slowAnswer(5));
    expect((await download()).bytes.toString()).toBe(whole);
  });

  test('silence lasts until the end of the world, which still comes', async () => {
    once(neverAnswer());
    once(answerWithheldAfterAcceptance());
    const waiting = [download(), download()].map((asked) => asked.then(() => fail('answered'), String));
    while (simulator.office.requests.inFlight < 2) await new Promise((resolve) => setImmediate(resolve));
    await simulator.close();
    for (const error of await Promise.all(waiting)) expect(error).toMatch(/hang up|ECONNRESET/);
    expect(simulator.office.requests.maxInFlight).toBe(2);
  });
});
