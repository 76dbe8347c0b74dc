import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../shared/ledger/progress-rows.ts';
import {
  afterWindow,
  firstCheckpoint,
  overlapMs,
  passes,
  planListing,
  reachMs,
} from '../../shared/listing/listing-plan.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-20T00:00:00Z');

/** Runs a plan to its end at each of the times, as the lister does, and tells what was listed. */
function runAll(times: readonly number[], backfillHours: number, lateListingHours = 24) {
  let checkpoint: Checkpoint = firstCheckpoint(times[0] ?? start, backfillHours);
  const runs = times.map((now) => {
    const plan = planListing(checkpoint, now, lateListingHours);
    for (const window of plan.windows) checkpoint = afterWindow(checkpoint, window, now);
    return { now, ...plan };
  });
  return { runs, checkpoint };
}

const times = fc.array(fc.integer({ min: 1_000, max: 30 * hour }), { minLength: 1, maxLength: 40 }).map((gaps) => {
  let now = start;
  return [start, ...gaps.map((gap) => (now += gap))];
});

describe('listing plan', () => {
  it('asks only for windows that the API takes', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 167 }), (at, backfill) => {
        for (const { windows, now } of runAll(at, backfill).runs) {
          for (const { from, to } of windows) {
            expect(to).toBeGreaterThan(from);
            expect(to - from).toBeLessThan(24 * hour);
            expect(from).toBeGreaterThan(now - 7 * 24 * hour);
            expect(to).toBeLessThanOrEqual(now);
            expect(from % 1000).toBe(0);
          }
        }
      }),
    );
  });

  it('leaves no gap: every moment from the first start on is listed or reported as lost', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 167 }), (at, backfill) => {
        const { runs, checkpoint } = runAll(at, backfill);
        const covered = runs.flatMap(({ windows, lost }) => [
          ...windows.filter(({ pass }) => pass === 'new'),
          ...(lost ? [lost] : []),
        ]);
        let until = checkpoint.floor;
        for (const { from, to } of covered) {
          expect(from).toBeLessThanOrEqual(until);
          until = Math.max(until, to);
        }
        expect(until).toBe(checkpoint.listedUntil);
        expect((at.at(-1) ?? 0) - until).toBeLessThan(1000);
      }),
    );
  });

  it('never lists what is older than the first start less the back-fill', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 167 }), (at, backfill) => {
        const { runs, checkpoint } = runAll(at, backfill);
        for (const { windows } of runs)
          for (const { from } of windows) expect(from).toBeGreaterThanOrEqual(checkpoint.floor);
        expect(checkpoint.floor).toBeGreaterThanOrEqual(start - backfill * hour - 1000);
      }),
    );
  });

  it('lists each minute again for 5 minutes, and later by passes', () => {
    const { runs } = runAll(
      Array.from({ length: 26 * 60 }, (_, index) => start + index * minute),
      24,
    );
    for (const { windows, now } of runs.slice(1)) {
      expect(windows[0]).toEqual({ pass: 'new', from: now - minute - overlapMs, to: now, end: now });
    }
    const count = (pass: string) =>
      runs.flatMap(({ windows }) => windows).filter((window) => window.pass === pass && window.to === window.end)
        .length;
    expect(count('hour')).toBe(130);
    expect(count('quarter-day')).toBe(21);
    expect(count('day')).toBe(3);
    expect(count('week')).toBe(1);
  });

  it('lists the last hour first when the checkpoint has fallen back', () => {
    const { runs } = runAll([start, start + 50 * hour], 0);
    expect(runs[1]?.windows[0]).toMatchObject({ pass: 'fresh', from: start + 49 * hour, to: start + 50 * hour });
    expect(runs[1]?.windows[1]).toMatchObject({ pass: 'new', from: start });
  });

  it('goes on with a pass where it was left', () => {
    const first = { ...firstCheckpoint(start, 167), listedUntil: start };
    const due = { ...first, passes: { ...first.passes, week: { completed: 0 } } };
    const week = planListing(due, start + minute, 24).windows.filter(({ pass }) => pass === 'week');
    expect(week.length).toBe(8);
    const [one, two] = week;
    if (!one || !two) throw new Error('no windows');
    const resumed = planListing(afterWindow(due, one, start), start + 2 * minute, 24).windows.filter(
      ({ pass }) => pass === 'week',
    );
    expect(resumed).toEqual(week.slice(1));
    expect(resumed[0]).toEqual(two);
  });

  it('bounds the passes by LATE_LISTING_HOURS, but for the daily one over all 7 days', () => {
    const checkpoint = { ...firstCheckpoint(start, 167), listedUntil: start };
    const due = (name: string) => ({ ...checkpoint, passes: { ...checkpoint.passes, [name]: { completed: 0 } } });
    const reach = (name: string) =>
      start -
      Math.min(
        ...planListing(due(name), start, 2)
          .windows.filter(({ pass }) => pass === name)
          .map(({ from }) => from),
      );
    expect(reach('hour')).toBe(hour);
    expect(reach('day')).toBe(2 * hour);
    expect(reach('week')).toBe(Math.min(reachMs, 167 * hour));
    expect(passes.every(({ name }) => reach(name) <= reachMs)).toBe(true);
  });

  it('reports what can no longer be listed', () => {
    const { runs } = runAll([start, start + 10 * 24 * hour], 0);
    expect(runs[1]?.lost).toEqual({ from: start, to: start + 10 * 24 * hour - reachMs });
  });
});
