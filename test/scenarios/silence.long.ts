import { describe, expect, it } from 'vitest';
import { answerWithheldAfterAcceptance, neverAnswer, slowBody } from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario } from './scenario-world.ts';

const report = createReport();
const records = 20;
/** Longer than any of the app's time-outs. */
const longMs = 150_000;

describe('a service that is slow or says nothing', () => {
  it('is waited for as long as it goes on, given up after that, and asked again', { timeout: 600_000 }, async () => {
    const world = await createScenario({ settings: { CONTENT_TYPES: 'Audit.Exchange,Audit.General' } });
    const { office, siem } = world.simulator;
    const publish = (minute: number, contentType: 'Audit.Exchange' | 'Audit.General' = 'Audit.Exchange') =>
      world.tenant.publish({ contentType, createdAt: world.at(minute), records });
    const [silent, stalled, slow] = [publish(-9), publish(-8), publish(-7)];
    for (let minute = -6; minute < 0; minute += 1) publish(minute, 'Audit.General');
    const silences = [
      office.faults.add({ match: { contentId: silent.contentId }, times: 1, answer: neverAnswer() }),
      office.faults.add({
        match: { contentId: stalled.contentId },
        times: 1,
        answer: slowBody({ bytesPerChunk: 2_000, delayMs: longMs }),
      }),
      office.faults.add({
        match: { operation: 'content', contentType: 'Audit.General' },
        times: 1,
        answer: neverAnswer(),
      }),
      // Slow, but there is always something within the time-out.
      office.faults.add({
        match: { contentId: slow.contentId },
        times: 1,
        answer: slowBody({ bytesPerChunk: 2_000, delayMs: 1_500 }),
      }),
      siem.faults.add({ times: 1, answer: neverAnswer() }),
      siem.faults.add({ times: 1, skip: 1, answer: answerWithheldAfterAcceptance() }),
    ];
    await world.runFor(40);
    expect(silences.map(({ hits }) => hits)).toEqual([1, 1, 1, 1, 1, 1]);
    const account = await expectEverythingOnce(world, { doubled: records });
    expect(account.doubled).toBe(records);
    report('slow and silent services', account);
  });
});
