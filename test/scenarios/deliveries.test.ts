import { QueueClient } from '@azure/storage-queue';
import { describe, expect, it } from 'vitest';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const settings = { CONTENT_TYPES: 'Audit.Exchange' };

function queueOf(world: ScenarioWorld): QueueClient {
  return new QueueClient(world.connectionString, 'm365-audit-contents');
}

/** The texts of all messages that wait in the queue. */
async function waiting(world: ScenarioWorld): Promise<string[]> {
  const { peekedMessageItems } = await queueOf(world).peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map(({ messageText }) => messageText);
}

function publish(world: ScenarioWorld, count: number, records = 5): void {
  for (let index = 1; index <= count; index += 1)
    world.tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(-index), records });
}

describe('a queue message', () => {
  it('that is delivered twice at the same time is worked on once', async () => {
    const world = await createScenario({ settings });
    publish(world, 20);
    await world.host.fireTimer('list-content');
    const messages = await waiting(world);
    expect(messages).toHaveLength(20);
    const twice = messages.flatMap((message) => [message, message]);
    await Promise.all(twice.map((message) => world.host.invoke('forward-content', message)));
    await world.host.drain();
    await world.runFor(25);
    report('every message three times at once', await expectEverythingOnce(world));
    expect(world.simulator.office.requests.of('download')).toBe(20);
  });

  it('that comes again after its content was settled does nothing', async () => {
    const world = await createScenario({ settings });
    publish(world, 5);
    await world.host.fireTimer('list-content');
    const messages = await waiting(world);
    await world.host.drain();
    const requests = world.simulator.office.requests.total;
    for (const message of messages) {
      await queueOf(world).sendMessage(message);
      await world.host.invoke('forward-content', message);
    }
    await world.host.drain();
    expect(world.simulator.office.requests.total).toBe(requests);
    report('redelivered after the end', await expectEverythingOnce(world));
    expect(world.events.filter(({ level }) => level !== 'information')).toEqual([]);
  });

  it('that is lost comes back within 20 minutes', async () => {
    const world = await createScenario({ settings });
    publish(world, 20);
    await world.host.fireTimer('list-content');
    await queueOf(world).clearMessages();
    await world.runFor(18);
    expect(await world.audit()).toMatchObject({ arrived: 0 });
    await world.runFor(3);
    report('all messages lost', await expectEverythingOnce(world));
  });

  it('that expired because nobody worked on it is made anew', async () => {
    const world = await createScenario({ settings });
    publish(world, 20);
    for (let minutes = 0; minutes < 120; minutes += 10) {
      await world.host.fireTimer('list-content');
      expect((await waiting(world)).length).toBe(20);
      world.pass(10);
    }
    await world.runFor(1);
    await world.host.drain();
    report('two hours without a worker', await expectEverythingOnce(world));
  });
});

describe('a restart', () => {
  it('in the middle of a backlog loses and doubles nothing', async () => {
    const world = await createScenario({ settings });
    publish(world, 200, 2);
    let accepted = 0;
    const wanted = new Promise<void>((resolve) => {
      world.simulator.siem.onBatch(() => {
        accepted += 1;
        if (accepted === 60) resolve();
      });
    });
    await world.host.fireTimer('list-content');
    world.host.startListening();
    await wanted;
    await world.restart();
    expect(accepted).toBeLessThan(200);
    await world.runFor(25);
    report('restart with 140 of 200 contents to go', await expectEverythingOnce(world));
  });
});

describe('a tenant that is taken out of the settings', () => {
  it('keeps its backlog, gets nothing sent meanwhile, and goes on when it is put back', async () => {
    const world = await createScenario({ settings, tenants: 2 });
    const { simulator } = world;
    const [stays, goes] = simulator.tenants;
    if (!stays || !goes) throw new Error('two tenants were asked for');
    for (const tenant of simulator.tenants) {
      for (let minute = -30; minute < 120; minute += 5)
        tenant.publish({ contentType: 'Audit.Exchange', createdAt: world.at(minute), records: 2 });
    }
    simulator.siem.refuseKey(goes);
    await world.runFor(4);
    simulator.siem.acceptKey(goes);
    await world.host.fireTimer('list-content');
    const [first] = JSON.parse(simulator.environmentOfAll()['TENANTS'] ?? '[]') as object[];
    const requestsOf = (tenant: typeof goes) =>
      simulator.office.requests.log.filter(({ tenantId }) => tenantId === tenant.tenantId).length;
    await world.restart({ ...settings, TENANTS: JSON.stringify([first]) });
    const before = requestsOf(goes);
    await world.runFor(60, 5);
    expect(requestsOf(goes)).toBe(before);
    expect(await world.audit(goes)).toMatchObject({ arrived: 0 });
    const due = stays.contents.filter(({ createdAt }) => createdAt < Date.now() - 60_000);
    expect(await world.audit(stays, { contents: due })).toMatchObject({ missing: 0 });
    await world.restart();
    await world.runFor(90, 5);
    report('an hour without a tenant', await expectEverythingOnce(world));
  });
});
