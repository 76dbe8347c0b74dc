import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LogEvent } from '../../shared/telemetry/events.ts';
import { createForwardingSums } from '../../shared/telemetry/forwarding-sums.ts';
import { createLagSums } from '../../shared/telemetry/lag.ts';

const scope = { tenantId: 'tenant', contentType: 'Audit.Exchange' } as const;
const counts = { records: 5, bytes: 100, batches: 1, possiblyDoubledBatches: 0 };
const minute = 60_000;

it('splits the lag of contents into its parts, each with the largest value and the mean', () => {
  const sums = createLagSums();
  sums.add({ event: 0, created: 10 * minute, listed: 11 * minute, started: 13 * minute, accepted: 13.5 * minute });
  sums.add({ event: undefined, created: 0, listed: 3 * minute, started: 3 * minute, accepted: 3 * minute + 1_500 });
  expect(sums.fields).toEqual({
    maxLagSeconds: 210,
    meanLagSeconds: 195.8,
    maxPublishSeconds: 600,
    meanPublishSeconds: 600,
    publishContents: 1,
    maxListSeconds: 180,
    meanListSeconds: 120,
    maxWaitSeconds: 120,
    meanWaitSeconds: 60,
    maxSendSeconds: 30,
    meanSendSeconds: 15.8,
  });
});

it('has parts that add up to the whole, whatever the contents', () => {
  const way = fc.array(fc.nat(600_000), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(way, { minLength: 1, maxLength: 50 }), (ways) => {
      const sums = createLagSums();
      for (const [publish = 0, list = 0, wait = 0, send = 0] of ways) {
        const [event, created] = [1_000, 1_000 + publish];
        sums.add({
          event,
          created,
          listed: created + list,
          started: created + list + wait,
          accepted: created + list + wait + send,
        });
      }
      const { fields } = sums;
      const parts = (fields.meanListSeconds ?? 0) + (fields.meanWaitSeconds ?? 0) + (fields.meanSendSeconds ?? 0);
      expect(Math.abs((fields.meanLagSeconds ?? 0) - parts)).toBeLessThan(0.21);
      expect(fields.maxPublishSeconds).toBe(Math.round(Math.max(...ways.map(([publish = 0]) => publish)) / 100) / 10);
      expect(fields.publishContents).toBe(ways.length);
    }),
  );
});

it('counts clocks that differ as no time at all', () => {
  const sums = createLagSums();
  sums.add({ event: 9_000, created: 5_000, listed: 4_000, started: 3_000, accepted: 3_000 });
  for (const [name, value] of Object.entries(sums.fields))
    expect([name, value]).toEqual([name, name === 'publishContents' ? 1 : 0]);
});

it('logs one line a minute, tenant and type, without lag while nothing has arrived', () => {
  let now = 0;
  const lines: LogEvent[] = [];
  const log = (_level: string, event: LogEvent) => void lines.push(event);
  const sums = createForwardingSums(() => now);
  const failed = { scope, tenant: 'name', ...counts, replayed: false };
  const none = { replayedContents: 0, replayedRecords: 0 };
  sums.add(failed, log);
  now = minute;
  sums.add(failed, log);
  const about = { event: 'forwarding.sums', ...scope, tenant: 'name' };
  expect(lines).toEqual([
    { ...about, seconds: 60, contents: 0, ...counts, ...none, records: 10, bytes: 200, batches: 2 },
  ]);
  const stations = { event: undefined, created: 0, listed: 0, started: 0, accepted: 2_000 };
  sums.add({ ...failed, stations }, log);
  sums.flush(log);
  expect(lines[1]).toMatchObject({ ...about, contents: 1, ...counts, maxLagSeconds: 2, publishContents: 0 });
  expect(lines[1]).not.toHaveProperty('maxPublishSeconds');
  sums.add({ ...failed, replayed: true, stations }, log);
  sums.flush(log);
  expect(lines[2]).toMatchObject({ ...about, contents: 1, ...counts, replayedContents: 1, replayedRecords: 5 });
  expect(lines[2]).not.toHaveProperty('maxLagSeconds');
});
