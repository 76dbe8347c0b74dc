import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noLateness } from '../../shared/ledger/lateness.ts';
import { silenceOf } from '../../shared/reconciling/silence.ts';

const hourMs = 60 * 60_000;
const start = Date.parse('2026-11-16T00:00:00Z');
const week = 168;

/** What each hour had, from the start on. */
function hours(contents: readonly number[]) {
  return contents.map((listed, index) => ({
    hour: new Date(start + index * hourMs).toISOString().slice(0, 13),
    listed,
    late: noLateness,
    removing: false,
  }));
}

/** A week in that rhythm, and then nothing for so many hours. */
function silentAfterWeek(rhythm: (hour: number) => number, silent: number) {
  const contents = Array.from({ length: week }, (_, hour) => rhythm(hour));
  return silenceOf(hours(contents), start + (week + silent) * hourMs);
}

const workday = (hour: number) => (hour < 120 && hour % 24 >= 8 && hour % 24 < 18 ? 30 : 0);

describe('the silence of a content type', () => {
  it('is told of a busy one after four hours', () => {
    const silent = [1, 2, 3, 4, 5].map((count) => silentAfterWeek(() => 25, count)?.hours);
    expect(silent).toEqual([undefined, undefined, undefined, 4, 5]);
    expect(silentAfterWeek(() => 25, 4)).toEqual({ since: start + week * hourMs, hours: 4, expectedContents: 100 });
  });

  it('of one with working hours begins with those of the next workday', () => {
    // The last content was on Friday at 17; the week ends on Sunday at midnight.
    expect(silentAfterWeek(workday, 11)).toBeUndefined();
    expect(silentAfterWeek(workday, 12)).toEqual({
      since: start + 114 * hourMs,
      hours: 66,
      expectedContents: 120,
    });
  });

  it('of a quiet one is told when it had something in a dozen of these hours', () => {
    const everyThird = (hour: number) => (hour % 3 === 0 ? 1 : 0);
    expect(silentAfterWeek(everyThird, 33)).toBeUndefined();
    expect(silentAfterWeek(everyThird, 36)?.expectedContents).toBe(12);
  });

  it('of one that hardly ever has anything is no news, and that of a nightly one is from the fourth night on', () => {
    const nightly = (count: number) => (hour: number) => (hour % 24 === 3 ? count : 0);
    for (let silent = 0; silent < week; silent += 1) {
      expect(silentAfterWeek(() => 0, silent)).toBeUndefined();
      expect(silentAfterWeek(nightly(1), silent)).toBeUndefined();
      expect(silentAfterWeek(nightly(500), silent) === undefined).toBe(silent <= 3 * 24 + 3);
    }
  });

  it('needs a week to compare with', () => {
    for (let silent = 0; silent < 100; silent += 1) {
      expect(silenceOf(hours(Array.from({ length: 24 }, () => 50)), start + (24 + silent) * hourMs)).toBeUndefined();
    }
  });

  it('does not count what has not been listed yet', () => {
    const contents = hours(Array.from({ length: week }, () => 50));
    expect(silenceOf(contents, start + (week + 3.9) * hourMs)).toBeUndefined();
    expect(silenceOf([], start)).toBeUndefined();
  });

  it('is never told while a week repeats itself', () => {
    const rhythms = fc.array(fc.nat(60), { minLength: week, maxLength: week });
    fc.assert(
      fc.property(rhythms, fc.nat(week), (rhythm, until) => {
        const contents = [...rhythm, ...rhythm.slice(0, until)];
        expect(silenceOf(hours(contents), start + contents.length * hourMs)).toBeUndefined();
      }),
    );
  });
});
