import { describe, expect, it } from 'vitest';
import { acceptedWith, fewerIds, intakeRefused } from '../simulator/intake-faults.ts';
import { oversizedRecord } from '../simulator/records/oversized-record.ts';
import { answerLostAfterAcceptance, cutConnectionAfter, resetBeforeAnswer } from '../simulator/wire-faults.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange' };

function publish(world: ScenarioWorld, minute: number, records: number | readonly Buffer[] = 5) {
  return world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records });
}

/** A record by its place among the records of its content, when it is refused or found too large. */
function named(id: string): Buffer {
  return Buffer.from(`{"Id":"${id}","CreationTime":"2026-11-20T10:00:00","Operation":"Test"}`);
}

const isBad = (line: Buffer) => line.includes('"Id":"bad');

describe('a batch', () => {
  it.each([
    ['whose answer is lost after it was accepted', answerLostAfterAcceptance()],
    ['whose answer breaks off', cutConnectionAfter(30)],
    ['that is answered with fewer ids than it has records', fewerIds()],
  ])('%s is sent once more, and counted as possibly doubled', async (name, answer) => {
    const world = await createScenario({ settings });
    const content = publish(world, -5, 2_500);
    for (const minute of [-4, -3, 3, 4]) publish(world, minute);
    world.simulator.siem.faults.add({ skip: 2, times: 1, answer });
    await world.runFor(15);
    const largestBatch = Math.max(...world.simulator.siem.arrivals.map(({ records }) => records));
    expect(largestBatch).toBeLessThan(content.records.length);
    const account = await expectEverythingOnce(world, { doubled: largestBatch });
    expect(account.doubled).toBeGreaterThan(0);
    expect(account.ledger.possiblyDoubled).toBe(1);
    report(name, account);
  });

  it('whose connection is reset before it was taken in arrives once', async () => {
    const world = await createScenario({ settings });
    publish(world, -5, 2_500);
    world.simulator.siem.faults.add({ skip: 1, times: 3, answer: resetBeforeAnswer() });
    await world.runFor(15);
    report('connection reset three times', await expectEverythingOnce(world));
  });

  it('that is accepted with another status than 200 is accepted', async () => {
    const world = await createScenario({ settings });
    for (const minute of [-5, -4, 3]) publish(world, minute);
    world.simulator.siem.faults.add({ times: 1, answer: acceptedWith(202) });
    world.simulator.siem.faults.add({ times: 1, answer: acceptedWith(201) });
    await world.runFor(6);
    report('accepted with 201 and 202', await expectEverythingOnce(world));
  });

  it('that is too large is halved until it is not', async () => {
    const world = await createScenario({ settings });
    world.simulator.siem.maxBytes = 60_000;
    publish(world, -5, 1_000);
    publish(world, -4, 10);
    await world.runFor(5);
    expect(world.simulator.siem.requests.byStatus['413']).toBeGreaterThan(5);
    report('413 over 60,000 bytes', await expectEverythingOnce(world));
  });
});

describe('a record', () => {
  it('that is too large for the destination is cut down, marked and sent', async () => {
    const world = await createScenario({ settings });
    const { tenantId } = world.tenant;
    const large = [300_000, 3_000_000].map((bytes, index) =>
      oversizedRecord({ tenantId, id: `large-${index}`, bytes, at: world.at(-6).getTime() }),
    );
    const small = ['a', 'b', 'c'].map(named);
    const [a, b, c] = small;
    const body = Buffer.from(`[${[a, large[0], b, large[1], c].join(',')}]`);
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5), body, records: small });
    await world.runFor(3);
    const account = await expectEverythingOnce(world, { unknown: 2 });
    const arrived = world.simulator.siem.records().filter((line) => line.includes('"Id":"large-'));
    expect(arrived).toHaveLength(2);
    for (const [index, line] of arrived.entries()) {
      expect(line.length).toBeLessThanOrEqual(250_000);
      const { Id, Operation, OrganizationId, CutDown } = JSON.parse(line.toString());
      expect({ Id, Operation, OrganizationId }).toEqual({
        Id: `large-${index}`,
        Operation: 'Update user.',
        OrganizationId: tenantId,
      });
      expect(CutDown).toMatchObject({ OriginalBytes: large[index]?.length });
    }
    report('records of 300 KB and 3 MB', account);
  });

  it('that stays too large even when it is cut down is reported, and all others arrive', async () => {
    const world = await createScenario({ settings });
    world.simulator.siem.refuseRecord = isBad;
    world.simulator.siem.faults.add({
      async answer(real) {
        const answer = await real();
        return answer.status === 400 ? { ...answer, status: 413 } : answer;
      },
    });
    publish(world, -6);
    const good = Array.from({ length: 20 }, (_, index) => named(`good-${index}`));
    const body = Buffer.from(`[${[...good.slice(0, 7), named('bad'), ...good.slice(7)].join(',')}]`);
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-5), body, records: good });
    await world.runFor(5);
    const account = await expectEverythingOnce(world);
    expect(world.events.filter(({ event }) => event === 'record.refused')).toMatchObject([
      { record: 7, code: 'destination_batch_too_large' },
    ]);
    expect(account.ledger.refusedRecords).toBe(1);
    report('413 for one record, however small', account);
  });

  it.each([
    ['the first of all', [0]],
    ['the last', [20]],
    ['in the middle', [7]],
    ['some of them side by side', [11, 12]],
  ])('that is refused (400) is found among the others, which all arrive: %s', async (name, places) => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */2 * * * *' } });
    world.simulator.siem.refuseRecord = isBad;
    const lines = Array.from({ length: 21 }, (_, place) =>
      named(places.includes(place) ? `bad-${place}` : `good-${place}`),
    );
    const good = lines.filter((line) => !isBad(line));
    const body = Buffer.from(`[${lines.join(',')}]`);
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-6), body, records: good });
    for (const minute of [-5, 1, 2, 5, 20]) publish(world, minute);
    await world.runFor(40, 2);
    const account = await expectEverythingOnce(world);
    const refused = world.events.filter(({ event }) => event === 'record.refused');
    expect(refused.map(({ record, code }) => [record, code])).toEqual(
      places.map((place) => [place, 'destination_refused_batch']),
    );
    expect(account.ledger.refusedRecords).toBe(places.length);
    report(`400 for one record: ${name}`, account);
  });

  it('is never taken for the guilty one while the destination refuses everything', async () => {
    const world = await createScenario({ settings: { ...settings, LISTING_SCHEDULE: '0 */4 * * * *' } });
    // Many a content has a single record, and the first ones are refused right after others were accepted.
    for (let minute = -60; minute < 3 * 60; minute += 4) publish(world, minute, minute % 12 === 0 ? 5 : 1);
    await world.runFor(8, 4);
    const before = world.simulator.siem.requests.total;
    const refusal = world.simulator.siem.faults.add({ answer: intakeRefused(400) });
    await world.runFor(3 * 60, 4);
    const during = world.simulator.siem.requests.total - before;
    expect(during).toBeLessThan(60);
    refusal.remove();
    await world.runFor(60, 4);
    const account = await expectEverythingOnce(world);
    expect(world.events.filter(({ event }) => event === 'record.refused')).toEqual([]);
    expect(account.ledger).toMatchObject({ refusedRecords: 0 });
    report('three hours of 400 for everything', account, during);
  });
});
