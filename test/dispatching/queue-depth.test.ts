import { describe, expect, it } from 'vitest';
import { createQueueDepth } from '../../shared/dispatching/queue-depth.ts';

/** Keeps a queue at the wanted depth for so long, looked at every two seconds, while so many a second are worked off. */
function run(perSecond: number, seconds: number) {
  const depth = createQueueDepth();
  let queued = 0;
  let idle = 0;
  for (let at = 0; at < seconds * 1000; at += 2_000) {
    depth.see(queued, at, true);
    const count = Math.max(0, depth.wanted - queued);
    queued += count;
    depth.sent(count);
    idle += Math.max(0, 2 * perSecond - queued);
    queued = Math.max(0, queued - 2 * perSecond);
  }
  return { wanted: depth.wanted, idleShare: idle / (perSecond * seconds) };
}

describe('the wanted depth of the queue', () => {
  it('comes to about 45 seconds of the rate', () => {
    expect(run(5, 600).wanted).toBeGreaterThan(200);
    expect(run(5, 600).wanted).toBeLessThan(260);
    expect(run(20, 600).wanted).toBeGreaterThan(800);
    expect(run(20, 600).wanted).toBeLessThan(1_000);
  });

  it('is bounded from below and above', () => {
    expect(run(0, 60).wanted).toBe(192);
    expect(run(2_000, 600).wanted).toBe(8_192);
  });

  it('does not grow for a queue that is empty because it was never filled', () => {
    const depth = createQueueDepth();
    for (let at = 0; at < 600_000; at += 2_000) {
      depth.see(0, at, true);
      depth.sent(5);
    }
    expect(depth.wanted).toBeLessThanOrEqual(300);
  });

  it('keeps the workers busy', () => {
    for (const perSecond of [5, 50, 200, 500]) expect(run(perSecond, 300).idleShare).toBeLessThan(0.02);
  });
});
