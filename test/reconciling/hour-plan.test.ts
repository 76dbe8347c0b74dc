import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noContents } from '../../shared/ledger/hour-contents.ts';
import { type Hour, noSums } from '../../shared/ledger/hour-rows.ts';
import { hourOf } from '../../shared/ledger/keys.ts';
import { noLateness } from '../../shared/ledger/lateness.ts';
import { reachMs } from '../../shared/listing/listing-plan.ts';
import {
  finishedHours,
  isJudged,
  isNews,
  judge,
  listingParts,
  maxContents,
  removableHours,
  retentionMs,
  settlingMs,
  startOf,
  stretchesOf,
} from '../../shared/reconciling/hour-plan.ts';

const hour = 60 * 60_000;
const now = Date.parse('2026-11-20T10:20:00Z');
const everythingKnown = { open: new Set<string>(), knownBefore: '~' };
const noHours = new Set<string>();

/** The hour so many hours ago. */
const ago = (hours: number) => hourOf(now - hours * hour);

function anHour(hours: number, columns: Partial<Hour> = {}): Hour {
  return { hour: ago(hours), listed: 5, late: noLateness, removing: false, etag: 'W/"1"', ...columns };
}

function sealedAt(listed: number): Pick<Hour, 'seal'> {
  return { seal: { at: now, listed, sums: noSums } };
}

const hours = fc.uniqueArray(
  fc.record({ ago: fc.integer({ min: 0, max: 230 }), kind: fc.nat({ max: 4 }), listed: fc.nat({ max: 9_000 }) }),
  { selector: (each) => each.ago, maxLength: 60 },
);
const world = fc
  .record({ hours, floorAgo: fc.integer({ min: 0, max: 300 * hour }), behind: fc.nat({ max: 50 * hour }) })
  .map((given) => ({
    hours: given.hours.map(({ ago: back, kind, listed }) =>
      anHour(back, {
        listed,
        ...(kind === 1 && sealedAt(listed)),
        ...(kind === 2 && sealedAt(listed - 1)),
        ...(kind === 3 && { imbalance: { at: now, listed, settled: listed - 1 } }),
        ...(kind === 4 && { comparison: { at: now, contents: listed } }),
      }),
    ),
    checkpoint: { floor: Math.floor((now - given.floorAgo) / 1000) * 1000, listedUntil: now - given.behind },
  }));

describe('finished hours', () => {
  it('are over for two hours, listed to their end, and not judged at their present count', () => {
    fc.assert(
      fc.property(world, ({ hours: all, checkpoint }) => {
        const finished = finishedHours(all, checkpoint, now);
        for (const { hour: each } of finished) {
          const end = startOf(each.hour) + hour;
          expect(end).toBeLessThanOrEqual(now - settlingMs);
          expect(end).toBeLessThanOrEqual(checkpoint.listedUntil);
          expect(isJudged(each)).toBe(false);
        }
        const names = finished.map(({ hour: each }) => each.hour);
        expect(names).toEqual([...new Set(names)].sort());
        for (const each of all) {
          const end = startOf(each.hour) + hour;
          const over = end <= Math.min(now - settlingMs, checkpoint.listedUntil);
          expect(names.includes(each.hour)).toBe(over && !isJudged(each));
        }
      }),
    );
  });

  it('leave out no hour of which nothing was listed, as long as the API can show it', () => {
    fc.assert(
      fc.property(world, ({ hours: all, checkpoint }) => {
        const finished = new Set(finishedHours(all, checkpoint, now).map(({ hour: each }) => each.hour));
        const known = new Set(all.map((each) => each.hour));
        for (let back = 0; back < 240; back += 1) {
          const start = startOf(ago(back));
          const from = Math.max(start, checkpoint.floor);
          const can = from < start + hour && from >= now - reachMs;
          const over = start + hour <= Math.min(now - settlingMs, checkpoint.listedUntil);
          if (!known.has(ago(back))) expect(finished.has(ago(back))).toBe(can && over);
        }
      }),
    );
  });

  it('are listed afresh once, and only as the API and the first start allow', () => {
    fc.assert(
      fc.property(world, ({ hours: all, checkpoint }) => {
        const finished = finishedHours(all, checkpoint, now);
        for (const { hour: each, window } of finished) if (each.comparison) expect(window).toBeUndefined();
        for (const stretch of stretchesOf(finished, everythingKnown, noHours)) {
          for (const { from, to } of listingParts(stretch)) {
            expect(from % 1000).toBe(0);
            expect(to).toBeGreaterThan(from);
            expect(to - from).toBeLessThan(24 * hour);
            expect(from).toBeGreaterThanOrEqual(Math.max(checkpoint.floor, now - reachMs));
          }
        }
      }),
    );
  });
});

describe('stretches', () => {
  it('hold every finished hour once, in order, side by side, and their parts cover exactly their time', () => {
    fc.assert(
      fc.property(world, ({ hours: all, checkpoint }) => {
        const finished = finishedHours(all, checkpoint, now);
        const stretches = stretchesOf(finished, everythingKnown, noHours);
        expect(stretches.flatMap((each) => each.hours)).toEqual(finished.map((each) => each.hour));
        for (const stretch of stretches) {
          const starts = stretch.hours.map((each) => startOf(each.hour));
          expect(starts).toEqual(starts.map((_, index) => (starts[0] ?? 0) + index * hour));
          const contents = stretch.hours.reduce((sum, { listed }) => sum + listed, 0);
          if (stretch.hours.length > 1) expect(contents).toBeLessThanOrEqual(maxContents);
          const parts = listingParts(stretch);
          if (!stretch.window) expect(parts).toEqual([]);
          else {
            expect(parts[0]?.from).toBe(Math.max(starts[0] ?? 0, checkpoint.floor));
            expect(parts.at(-1)?.to).toBe((starts.at(-1) ?? 0) + hour);
            expect(parts.slice(1).map(({ from }) => from)).toEqual(parts.slice(0, -1).map(({ to }) => to));
          }
        }
      }),
    );
  });

  it('leave out hours with open or quarantined contents, and those of which that is not known', () => {
    const finished = [9, 8, 7, 6, 5, 4].map((back) => ({ hour: anHour(back) }));
    const openHours = { open: new Set([ago(8)]), knownBefore: ago(5) };
    const stretches = stretchesOf(finished, openHours, new Set([ago(6)]));
    expect(stretches.map((each) => each.hours.map((one) => one.hour))).toEqual([[ago(9)], [ago(7)]]);
  });

  it('put a day without contents together, so that a first start costs few requests', () => {
    const finished = finishedHours([], { floor: now - 24 * hour, listedUntil: now }, now);
    expect(finished).toHaveLength(22);
    expect(stretchesOf(finished, everythingKnown, noHours)).toHaveLength(1);
  });
});

describe('the judgement of an hour', () => {
  const sums = { ...noSums, forwarded: 3, gone: 1, expired: 1 };

  it('is that listed = forwarded + gone + expired, once nothing is open or quarantined', () => {
    const five = anHour(5);
    expect(judge(five, { ...noContents, sums })).toBe('balanced');
    expect(judge(five, { ...noContents, sums, open: 1 })).toBe('unfinished');
    expect(judge(five, { ...noContents, sums, quarantined: 1 })).toBe('unfinished');
    expect(judge(five, { ...noContents, sums: { ...sums, forwarded: 2 } })).toBe('unbalanced');
    expect(judge({ ...five, listed: 4 }, { ...noContents, sums })).toBe('unbalanced');
    expect(judge({ ...five, listed: 0 }, noContents)).toBe('balanced');
  });

  it('holds until another content is listed of it', () => {
    expect(isJudged(anHour(5))).toBe(false);
    expect(isJudged(anHour(5, sealedAt(5)))).toBe(true);
    expect(isJudged(anHour(5, sealedAt(4)))).toBe(false);
    expect(isJudged(anHour(5, { imbalance: { at: now, listed: 5, settled: 4 } }))).toBe(true);
    expect(isJudged(anHour(5, { imbalance: { at: now, listed: 4, settled: 3 } }))).toBe(false);
  });

  it('tells an imbalance once, and another one again', () => {
    const told = anHour(5, { listed: 6, imbalance: { at: now, listed: 5, settled: 4 } });
    expect(isNews(anHour(5), 4)).toBe(true);
    expect(isNews(told, 5)).toBe(false);
    expect(isNews(told, 4)).toBe(true);
  });
});

describe('removable hours', () => {
  it('are judged, and older than any listing reaches', () => {
    fc.assert(
      fc.property(world, ({ hours: all, checkpoint }) => {
        for (const each of removableHours(all, checkpoint.listedUntil, now)) {
          expect(isJudged(each)).toBe(true);
          expect(startOf(each.hour) + hour).toBeLessThanOrEqual(now - retentionMs);
          expect(startOf(each.hour) + hour).toBeLessThan(now - reachMs);
        }
      }),
    );
  });

  it('are none when our clock is ahead of everything listed', () => {
    const old = [anHour(300, sealedAt(5))];
    expect(removableHours(old, now, now)).toEqual(old);
    expect(removableHours(old, now - 10 * 24 * hour, now)).toEqual([]);
  });

  it('go on being removed once that has begun', () => {
    const half = anHour(300, { removing: true });
    expect(removableHours([half], now, now)).toEqual([half]);
    expect(finishedHours([half], { floor: 0, listedUntil: now }, now).some((each) => each.hour === half)).toBe(false);
  });
});
