import { QueueClient } from '@azure/storage-queue';
import { describe, expect, it } from 'vitest';
import { contentMissing } from '../simulator/api-faults.ts';
import { createClientCertificate } from '../simulator/credentials.ts';
import { intakeRefused } from '../simulator/intake-faults.ts';
import { readEventTypes } from '../telemetry/event-fields.ts';
import { createScenario, type LoggedEvent, type ScenarioWorld } from './scenario-world.ts';

const settings = { CONTENT_TYPES: 'Audit.Exchange' };
const contentType = 'Audit.Exchange';
const { events: types, common } = readEventTypes();

/** A record whose event happened then. */
function record(at: Date): Buffer {
  return Buffer.from(`{"Id":"${at.getTime()}","CreationTime":"${at.toISOString().slice(0, 19)}"}`);
}

function told(world: ScenarioWorld, name: string): LoggedEvent[] {
  return world.events.filter(({ event }) => event === name);
}

/** Every line has the fields that its type has, and the execution that it comes from. */
function expectTyped(world: ScenarioWorld): void {
  for (const { level: _, event, ...fields } of world.events) {
    const known = [...(types.get(event) ?? []), ...common];
    expect([event, Object.keys(fields).filter((name) => !known.includes(name))]).toEqual([event, []]);
    expect([event, fields['runId'], fields['operationId']]).toEqual([event, expect.any(String), expect.any(String)]);
  }
}

describe('what is logged', () => {
  it('shows of what the lag of a content that was hidden, waited and was slow is made', async () => {
    const world = await createScenario({ settings });
    await world.runFor(5);
    const [createdAt, visibleFrom] = [world.at(2), world.at(10)];
    world.tenant.publish({ contentType, createdAt, visibleFrom, records: [record(world.at(-28))] });
    // It is listed and put into the queue, and nobody works on it yet.
    while (Date.now() < world.at(20).getTime()) {
      world.pass(1);
      await world.host.fireTimer('list-content');
    }
    const [listing] = told(world, 'listing.completed').filter(({ added }) => added === 1);
    const listSeconds = Number(listing?.['maxLatenessSeconds']);
    expect(listSeconds).toBeGreaterThanOrEqual(8 * 60);
    world.simulator.siem.faults.add({
      times: 1,
      answer: (accept) => {
        world.pass(2);
        return accept();
      },
    });
    await world.host.drain();
    await world.runFor(2);
    world.tenant.publish({ contentType, createdAt: world.at(22), records: 1 });
    await world.runFor(3);
    const waitSeconds = 18 * 60 - listSeconds;
    expect(told(world, 'forwarding.sums')[0]).toMatchObject({
      contents: 1,
      records: 1,
      publishContents: 1,
      maxLagSeconds: 20 * 60,
      meanLagSeconds: 20 * 60,
      maxPublishSeconds: 30 * 60,
      meanPublishSeconds: 30 * 60,
      maxListSeconds: listSeconds,
      meanListSeconds: listSeconds,
      maxWaitSeconds: waitSeconds,
      meanWaitSeconds: waitSeconds,
      maxSendSeconds: 2 * 60,
      meanSendSeconds: 2 * 60,
    });
    expectTyped(world);
  });

  it('leads from a fault of a content to the run that put it into the queue, by one operation', async () => {
    const world = await createScenario({ settings });
    const content = world.tenant.publish({ contentType, createdAt: world.at(-1) });
    world.simulator.office.faults.add({ match: { contentId: content.contentId }, times: 1, answer: contentMissing() });
    await world.runFor(10);
    const [listing] = told(world, 'listing.completed').filter(({ added }) => added === 1);
    const [postponed] = told(world, 'content.postponed');
    const origin = { operationId: listing?.['operationId'], runId: listing?.['runId'] };
    expect(postponed).toMatchObject({
      contentId: content.contentId,
      dispatchedBy: origin.runId,
      operationId: origin.operationId,
    });
    expect(postponed?.['runId']).not.toBe(origin.runId);
    expect(told(world, 'dispatch.completed')).toContainEqual(expect.objectContaining(origin));
    for (const sums of told(world, 'forwarding.sums')) expect(sums).not.toHaveProperty('dispatchedBy');
    expectTyped(world);
  });

  it('tells of a pause that lasts and of what is open behind it, every ten minutes', async () => {
    const world = await createScenario({ settings });
    const outage = world.simulator.siem.faults.add({ answer: intakeRefused(401) });
    for (let minute = -5; minute < 0; minute += 1) world.tenant.publish({ contentType, createdAt: world.at(minute) });
    await world.runFor(61);
    const lasting = told(world, 'pause.lasting');
    expect(lasting.length).toBeGreaterThanOrEqual(5);
    const about = { gate: 'destination', tenantId: world.tenant.tenantId, code: 'destination_refused_key' };
    for (const pause of lasting) expect(pause).toMatchObject({ ...about, level: 'warning' });
    expect(lasting.at(-1)?.['seconds']).toBeGreaterThan(55 * 60);
    expect(told(world, 'backlog.counted').at(-1)).toMatchObject({ open: 5, quarantined: 0, more: false });
    expect(told(world, 'backlog.counted').at(-1)?.['oldestOpenSeconds']).toBeGreaterThan(60 * 60);
    outage.remove();
    await world.runFor(30);
    const before = [told(world, 'pause.lasting').length, told(world, 'backlog.counted').length];
    await world.runFor(20);
    expect([told(world, 'pause.lasting').length, told(world, 'backlog.counted').length]).toEqual(before);
    expectTyped(world);
  });

  it('tells of a certificate that expires soon once a day, whatever the number of instances', async () => {
    const world = await createScenario({ settings, credential: 'certificate', startAt: '2026-11-20T20:00:00Z' });
    const { registered, pem } = await createClientCertificate(new Date('2026-12-10T22:00:00Z'));
    world.tenant.certificates.push(registered);
    const renewed = { ...settings, CLIENT_CERTIFICATE: pem };
    await world.runFor(30, 10);
    expect(told(world, 'credential.expiring')).toEqual([]);
    for (let instance = 1; instance <= 2; instance += 1) {
      await world.restart(renewed);
      await world.runFor(60, 10);
    }
    const soon = { level: 'warning', tenantId: world.tenant.tenantId, code: 'credential_expiring' };
    const expires = '2026-12-10T22:00:00.000Z';
    expect(told(world, 'credential.expiring')).toMatchObject([{ ...soon, expires, daysLeft: 20 }]);
    await world.runFor(180, 10);
    expect(told(world, 'credential.expiring').map(({ daysLeft }) => daysLeft)).toEqual([20, 19]);
    expectTyped(world);
  });

  it('tells of a message that the host has given up on, and which run it came from', async () => {
    const world = await createScenario({ settings });
    const content = world.tenant.publish({ contentType, createdAt: world.at(-1) });
    await world.host.fireTimer('list-content');
    const queue = new QueueClient(world.connectionString, 'm365-audit-contents');
    const { receivedMessageItems } = await queue.receiveMessages();
    const [message] = receivedMessageItems;
    if (!message) throw new Error('nothing was dispatched');
    await queue.deleteMessage(message.messageId, message.popReceipt);
    const poisoned = new QueueClient(world.connectionString, 'm365-audit-contents-poison');
    await poisoned.createIfNotExists();
    await poisoned.sendMessage(message.messageText);
    await world.host.drain();
    const [listing] = told(world, 'listing.completed');
    expect(told(world, 'message.given_up')).toMatchObject([
      { level: 'error', contentId: content.contentId, code: 'executions_crashed', dispatchedBy: listing?.['runId'] },
    ]);
    await world.runFor(25);
    expect(await world.states()).toMatchObject({ forwarded: 1, open: 0 });
    expectTyped(world);
  });
});
