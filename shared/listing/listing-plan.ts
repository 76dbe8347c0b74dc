import type { Checkpoint } from '../ledger/progress-rows.ts';
import type { TimeWindow } from '../management-api/management-api.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The API takes less than 24 hours at once; exactly 24 are refused on some tenants. */
export const widestWindowMs = 23 * hourMs;
/** The API reaches 7 days back; the margin is for clocks and for the time a run takes. */
export const reachMs = 7 * 24 * hourMs - 15 * minuteMs;
/** Each run lists again what was created in the minutes before its checkpoint. */
export const overlapMs = 5 * minuteMs;
/** Behind this the checkpoint has fallen back: what is fresh is listed first then. */
const fallenBackMs = hourMs;

/** A pass lists again what was listed before, to find what became listable late. */
export interface Pass {
  readonly name: string;
  readonly everyMs: number;
  readonly reachMs: number;
}

/** Further back ever less often; the last one covers all the API still has, whatever LATE_LISTING_HOURS says. */
export const passes: readonly Pass[] = [
  { name: 'hour', everyMs: 10 * minuteMs, reachMs: hourMs },
  { name: 'quarter-day', everyMs: hourMs, reachMs: 6 * hourMs },
  { name: 'day', everyMs: 6 * hourMs, reachMs: 24 * hourMs },
  { name: 'week', everyMs: 24 * hourMs, reachMs },
];

/** A window to list, in the order given. */
export interface PlannedWindow extends TimeWindow {
  /** `new` moves the checkpoint, `fresh` runs ahead of a checkpoint that has fallen back, the others are passes. */
  readonly pass: string;
  /** Where its pass ends; the pass is complete with the window that reaches it. */
  readonly end: number;
}

/** What a run lists, and the interval that can no longer be listed, when there is one. */
export interface ListingPlan {
  readonly windows: readonly PlannedWindow[];
  readonly lost?: TimeWindow;
}

/** The checkpoint of a content type that is listed for the first time. */
export function firstCheckpoint(now: number, backfillHours: number): Checkpoint {
  const floor = wholeSeconds(now - Math.min(backfillHours * hourMs, reachMs));
  return {
    floor,
    listedUntil: floor,
    passes: Object.fromEntries(passes.map(({ name }) => [name, { completed: now }])),
  };
}

/**
 * Plans one run. `now` is the server's time; all times are milliseconds since 1970.
 *
 * - What is new comes first: [checkpoint - 5 minutes, now). When the checkpoint has fallen back by more than an hour, the
 *   last hour comes before it, so that a long absence delays nothing fresh.
 * - Then one pass at most: the one under way, or else the widest that is due.
 */
export function planListing(checkpoint: Checkpoint, now: number, lateListingHours: number): ListingPlan {
  const to = wholeSeconds(now);
  const floor = Math.max(checkpoint.floor, to - reachMs);
  const windows: PlannedWindow[] = [];
  const add = (pass: string, from: number, end: number) => {
    for (let start = Math.max(from, floor); start < end; start += widestWindowMs) {
      windows.push({
        pass,
        from: start,
        to: Math.min(start + widestWindowMs, end),
        end,
      });
    }
  };
  if (to - checkpoint.listedUntil > fallenBackMs) add('fresh', to - fallenBackMs, to);
  add('new', checkpoint.listedUntil - overlapMs, to);
  const pass = duePass(checkpoint, to, lateListingHours);
  if (pass) add(pass.name, pass.from, pass.to);
  const lost = checkpoint.listedUntil < floor ? { lost: { from: checkpoint.listedUntil, to: floor } } : {};
  return { windows, ...lost };
}

function duePass(
  checkpoint: Checkpoint,
  now: number,
  lateListingHours: number,
): (TimeWindow & { name: string }) | undefined {
  for (const { name } of passes) {
    const running = checkpoint.passes[name]?.running;
    if (running) return { name, from: running.cursor, to: running.to };
  }
  const due = passes.findLast(({ name, everyMs }) => now - (checkpoint.passes[name]?.completed ?? 0) >= everyMs);
  if (!due) return undefined;
  const reach = due.name === 'week' ? due.reachMs : Math.min(due.reachMs, lateListingHours * hourMs);
  return { name: due.name, from: now - reach, to: checkpoint.listedUntil };
}

/** The checkpoint once a window, or a part of it up to `to`, has been listed, at `now`. */
export function afterWindow(checkpoint: Checkpoint, window: Omit<PlannedWindow, 'from'>, now: number): Checkpoint {
  if (window.pass === 'fresh') return checkpoint;
  if (window.pass === 'new')
    return {
      ...checkpoint,
      listedUntil: Math.max(checkpoint.listedUntil, window.to),
    };
  const progress = checkpoint.passes[window.pass];
  const started = progress?.running?.started ?? now;
  if (window.to < window.end) {
    const running = { cursor: window.to, to: window.end, started };
    return {
      ...checkpoint,
      passes: {
        ...checkpoint.passes,
        [window.pass]: { completed: progress?.completed ?? 0, running },
      },
    };
  }
  // A pass covers all that are narrower.
  const covered = passes.slice(0, passes.findIndex(({ name }) => name === window.pass) + 1);
  const done = Object.fromEntries(covered.map(({ name }) => [name, { completed: started }]));
  return { ...checkpoint, passes: { ...checkpoint.passes, ...done } };
}

/** The API's times have whole seconds. */
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
