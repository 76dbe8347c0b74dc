import { describe, expect, it } from 'vitest';
import { changedItems, contentExpired, contentMissing, serverError } from '../simulator/api-faults.ts';
import { type ContentShapeName, contentShapes } from '../simulator/content-shapes.ts';
import type { FaultAnswer } from '../simulator/faults.ts';
import type { PublishedContent } from '../simulator/published-content.ts';
import {
  byteOrderMarkInFront,
  contentTypeHeader,
  cutConnectionAfter,
  resetBeforeAnswer,
  slowAnswer,
  slowBody,
  truncatedBody,
} from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const hour = 60;
/** Reconciling, which would open again what is quarantined, is left out. */
const settings = {
  CONTENT_TYPES: 'Audit.Exchange',
  LISTING_SCHEDULE: '0 */10 * * * *',
  RECONCILE_SCHEDULE: '0 0 0 1 1 *',
};

function publish(world: ScenarioWorld, minute: number, records = 5, shape: ContentShapeName = 'compact') {
  return world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records, shape });
}

describe('a download', () => {
  const passing: readonly FaultAnswer[] = [
    cutConnectionAfter(2_000),
    cutConnectionAfter(280_000),
    truncatedBody(10_000),
    resetBeforeAnswer(),
    truncatedBody(0),
    contentMissing(),
    serverError(),
    byteOrderMarkInFront(),
    contentTypeHeader('text/html'),
    contentTypeHeader(undefined),
    slowBody({ bytesPerChunk: 100_000, delayMs: 10 }),
    slowAnswer(100),
  ];

  it('that fails three times, each content in a way of its own, arrives once in the end', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 * * * * *' } });
    const faults = passing.map((answer) => {
      const { contentId } = publish(world, -5, 1_200);
      return world.simulator.office.faults.add({ match: { operation: 'download', contentId }, times: 3, answer });
    });
    for (let minute = -4; minute < 20; minute += 1) publish(world, minute);
    await world.runFor(35);
    expect(faults.filter(({ hits }) => hits === 0)).toEqual([]);
    report(`${passing.length} ways of a download to fail, three times each`, await expectEverythingOnce(world));
  });
});

describe('contents that all fail', () => {
  it('are not taken for the API: what comes after them shows that it works, and goes on', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 * * * * *' } });
    const faults = [-9, -8, -7, -6].map((minute) => {
      const { contentId } = publish(world, minute, 50);
      return world.simulator.office.faults.add({ match: { contentId }, answer: cutConnectionAfter(2_000) });
    });
    const bad = [...world.tenant.contents];
    await world.runFor(3);
    expect(world.events.filter(({ event }) => event === 'pause.began')).toMatchObject([{ gate: 'download' }]);
    for (let minute = 3; minute < 6; minute += 1) publish(world, minute);
    await world.runFor(9);
    expect(await expectEverythingOnce(world, { except: bad, states: { open: 4 } })).toMatchObject({ published: 15 });
    for (const fault of faults) fault.remove();
    await world.runFor(120);
    report('four contents that fail for 15 minutes, before all others', await expectEverythingOnce(world));
  });
});

describe('a content', () => {
  it('that is never found is given up after ten attempts, and the others go on', async () => {
    const world = await createScenario({ settings });
    const lost = publish(world, -10);
    world.tenant.lost.add(lost.contentId);
    for (let minute = -50; minute < 9 * hour; minute += 30) publish(world, minute);
    await world.runFor(10 * hour, 20);
    const account = await expectEverythingOnce(world, { states: { gone: 1 } });
    expect(account.ledger.attempts).toBe(10);
    expect(world.events.filter(({ event }) => event === 'content.settled')).toMatchObject([
      { contentId: lost.contentId, state: 'gone', code: 'content_missing' },
    ]);
    report('404 for ever', account);
  });

  it('that has expired is settled as that at once', async () => {
    const world = await createScenario({ settings });
    const late = publish(world, -10);
    world.simulator.office.faults.add({
      match: { operation: 'download', contentId: late.contentId },
      answer: contentExpired(),
    });
    publish(world, -9);
    await world.runFor(20, 10);
    report('AF20051', await expectEverythingOnce(world, { except: [late], states: { expired: 1 } }));
    expect(world.events.filter(({ event }) => event === 'content.settled')).toMatchObject([
      { contentId: late.contentId, state: 'expired', code: 'content_expired' },
    ]);
  });

  it('that the API fails on for ever delays none of the others and is set aside', async () => {
    const world = await createScenario({ settings });
    const failing = publish(world, -50);
    world.simulator.office.faults.add({
      match: { operation: 'download', contentId: failing.contentId },
      answer: serverError(),
    });
    for (let minute = -40; minute < 10 * hour; minute += 20) publish(world, minute, 1);
    const others = world.tenant.contents.filter((content) => content !== failing);
    for (let hours = 0; hours < 10; hours += 1) {
      await world.runFor(hour, 10);
      const due = others.filter(({ createdAt }) => createdAt < Date.now());
      expect(await world.audit(world.tenant, { contents: due })).toMatchObject({ missing: 0 });
    }
    await world.runFor(3 * hour, 10);
    report(
      'one content answers 500 for ever',
      await expectEverythingOnce(world, { except: [failing], states: { quarantined: 1 } }),
    );
  });

  it('whose body is no whole array is never taken for forwarded, whatever its shape', async () => {
    const world = await createScenario({ settings });
    const shapes = (Object.keys(contentShapes) as ContentShapeName[]).filter((name) => !contentShapes[name].wellFormed);
    for (const shape of shapes) publish(world, -50, 5, shape);
    for (let minute = -50; minute < 12 * hour; minute += 30) publish(world, minute, 1);
    await world.runFor(13 * hour, 20);
    /** Whole records in front of the fault; they are sent, once. */
    const whole: Partial<Record<ContentShapeName, number>> = {
      unclosed: 4,
      'comma-then-end': 5,
      truncated: 4,
      'not-separated': 1,
      'more-behind': 5,
      'two-arrays': 5,
    };
    const unknown = Object.values(whole).reduce((sum, records) => sum + records, 0);
    const account = await expectEverythingOnce(world, { unknown, states: { quarantined: shapes.length } });
    expect(account.ledger.attempts).toBe(10);
    report(`${shapes.length} malformed shapes`, account);
    const settled = world.events.filter(({ event }) => event === 'content.settled');
    expect(settled.map(({ state }) => state)).toEqual(shapes.map(() => 'quarantined'));
  });

  it('with an address that is not its own is asked for nowhere', async () => {
    const world = await createScenario({ settings });
    const { office, stranger } = world.simulator;
    const evil: ((content: PublishedContent) => string)[] = [
      () => `${stranger.origin}/blob`,
      (content) => stranger.origin + new URL(office.contentUri(content)).pathname,
      (content) => office.contentUri(content).replace('//', `//user:password@`),
      (content) => `${office.origin}@${new URL(stranger.origin).host}${new URL(office.contentUri(content)).pathname}`,
      (content) => office.contentUri(content).replace(content.tenantId, '11111111-1111-1111-1111-111111111111'),
      (content) =>
        office.contentUri(content).replace('/audit/', '/audit/../subscriptions/stop?contentType=Audit.Exchange#'),
      (content) => office.contentUri(content).replace('/audit/', '/audit/%2e%2e/subscriptions/'),
      (content) => office.contentUri(content).replace('http:', 'file:'),
      () => 'not an address',
    ];
    const addresses = new Map(
      evil.map((make, index) => {
        const content = publish(world, -index - 1);
        return [content.contentId, make(content)];
      }),
    );
    const forged = [...world.tenant.contents];
    office.faults.add({
      match: { operation: 'content' },
      answer: changedItems((items) =>
        items.map((item) => ({ ...item, contentUri: addresses.get(item.contentId) ?? item.contentUri })),
      ),
    });
    publish(world, -1);
    await world.runFor(20, 10);
    expect(office.requests.of('download')).toBe(1);
    const account = await expectEverythingOnce(world, { except: forged, states: { quarantined: forged.length } });
    report(`${forged.length} evil addresses`, account);
  });
});
