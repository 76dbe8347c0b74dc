import { describe, expect, it } from 'vitest';
import { createExaminedWorld, type ExaminedWorld } from '../doctor/examined-world.ts';
import { aRun } from '../doctor/provocations.ts';
import { createHeldAnswers } from '../simulator/held-answers.ts';

const delivery = { messageId: 'message', dequeueCount: 1 };

/** A collector with one content in the queue, whose message goes ahead as a probe does. */
async function aProbe(world: ExaminedWorld) {
  const { tenant } = world.simulator;
  tenant.publish({ contentType: 'Audit.Exchange', createdAt: new Date(Date.now() - 60_000), records: 2 });
  const collector = world.collector();
  await collector.listContent(aRun);
  const [message = ''] = (await world.storage()).messages;
  const pause = (confirm: boolean) => collector.operate.pause({ tenant: tenant.tenantId, confirm }, aRun);
  return { collector, pause, probe: { ...JSON.parse(message), probe: true } };
}

describe('a pause by hand', () => {
  it('holds back a probe that was in the queue before', async () => {
    const world = await createExaminedWorld();
    const { collector, pause, probe } = await aProbe(world);
    await pause(true);
    await collector.forwardContent(probe, delivery, aRun);
    expect(world.simulator.office.requests.of('download')).toBe(0);
    expect(world.simulator.siem.records()).toEqual([]);
  });

  it('is not ended by a probe that was under way and got through', async () => {
    const world = await createExaminedWorld();
    const { collector, pause, probe } = await aProbe(world);
    const held = createHeldAnswers();
    world.simulator.siem.faults.add({ answer: held.answer });
    const forwarded = collector.forwardContent(probe, delivery, aRun);
    await expect.poll(() => held.waiting).toBe(1);
    await pause(true);
    held.release();
    await forwarded;
    expect(world.simulator.siem.records()).toHaveLength(2);
    expect((await pause(false)).body).toMatchObject({ would: { paused: [{ contentType: 'Audit.Exchange' }] } });
  });
});
