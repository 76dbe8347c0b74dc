import { maxRequestBytes } from '../simulator/intake.ts';
import type { ModelWorld } from './model-world.ts';
import { publishContent } from './publishing.ts';
import { thaw } from './take-step.ts';
import { verify } from './verify.ts';
import { whatIsLeft } from './what-is-left.ts';

/** Minutes to wait from one look to the next: at first as often as the timer runs, then for back-offs and late contents. */
function* waits(): Generator<number> {
  for (let count = 0; count < 6; count += 1) yield 1;
  for (let count = 0; count < 12; count += 1) yield 6;
  for (let count = 0; count < 12; count += 1) yield 30;
  for (let count = 0; count < 30; count += 1) yield 120;
}

/** Within so many runs of the listing timer something new arrives once all is well again. */
const runsForNew = 30;
const longestWaitMinutes = 120;
/** After that long no pause holds up anything: whatever is due is worked on by the next run. */
const healingMinutes = 60;

/**
 * All faults end, frozen processes go on, and time passes until everything has arrived; then a content that is new must
 * arrive soon.
 *
 * @returns what is not as it should be, as sentences.
 */
export async function reachQuiet(world: ModelWorld): Promise<readonly string[]> {
  const { simulator, queue } = world;
  simulator.office.faults.clear();
  simulator.siem.faults.clear();
  simulator.siem.maxBytes = maxRequestBytes;
  for (const slot of [0, 1]) {
    const frozen = world.frozen(slot);
    if (frozen) await thaw(frozen, false);
  }
  await queue.finish();
  let left = await runUntilDone(world, waits());
  if (left.length > 0) return left;
  publishContent(world, { type: 0, size: 'small', ageMinutes: 1, lateMinutes: 0 });
  left = await runUntilDone(
    world,
    Array.from({ length: runsForNew }, () => 1),
  );
  if (left.length > 0) return left.map((each) => `A new content after the quiet end: ${each}`);
  return verify(world, simulator, world.halving);
}

async function runUntilDone(world: ModelWorld, steps: Iterable<number>): Promise<readonly string[]> {
  let what: readonly string[] = ['nothing was done'];
  let minutes = 0;
  let reconciled = 0;
  for (const wait of steps) {
    await runOnce(world, minutes >= reconciled);
    if (minutes >= reconciled) reconciled += 60;
    const left = await whatIsLeft(world);
    what = left.what;
    if (what.length === 0) return [];
    if (minutes > healingMinutes && left.overdue.length > 0) {
      return left.overdue.map((each) => `${minutes} minutes after the last fault: ${each}`);
    }
    const known = left.due === undefined ? 0 : Math.ceil((left.due - Date.now()) / 60_000);
    const passing = Math.min(Math.max(wait, known), longestWaitMinutes);
    world.advance(passing);
    minutes += passing;
  }
  return what;
}

async function runOnce(world: ModelWorld, reconcile: boolean): Promise<void> {
  const { queue } = world;
  const instance = await world.instance(0);
  await queue.reopenPoisoned(instance);
  if (reconcile) await instance.reconcile().ended;
  await instance.list().ended;
  for (;;) {
    const messages = await queue.receive(32);
    for (const message of messages) await queue.deliver(instance, message, false);
    await instance.untilQuiet();
    await queue.finish();
    if (messages.length === 0) break;
  }
}
