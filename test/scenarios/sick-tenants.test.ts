import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { throttled } from '../simulator/api-faults.ts';
import { createHeldAnswers } from '../simulator/held-answers.ts';
import { intakeRefused } from '../simulator/intake-faults.ts';
import type { SimulatedTenant } from '../simulator/simulated-tenant.ts';
import { expectEverythingOnce } from './expectations.ts';
import { createReport } from './report.ts';
import { createScenario, type ScenarioWorld } from './scenario-world.ts';

const report = createReport();
const contentType = 'Audit.Exchange';
const minuteMs = 60_000;
const wellMinutes = 4;
const sickMinutes = 15;

/** Follows contents from their publication to their arrival. */
function followContents({ simulator, host, pass }: ScenarioWorld) {
  const publishedAt = new Map<string, number>();
  const onTheWay = new Set<string>();
  const lags = new Map<string, number>();
  let whenArrived: () => void = () => undefined;
  simulator.siem.onBatch(({ lines, at }) => {
    for (const line of lines) {
      const { Id } = JSON.parse(line.toString()) as { readonly Id: string };
      lags.set(Id, (at - (publishedAt.get(Id) ?? 0)) / minuteMs);
      onTheWay.delete(Id);
    }
    if (onTheWay.size === 0) whenArrived();
  });

  return {
    /**
     * A minute of the world: every tenant publishes, the listing timer runs, and nothing else happens until all contents of the
     * tenants that are well have arrived, or the run and the work it has dispatched have ended without that.
     *
     * @returns the longest time from publication to arrival in minutes of the world; infinite when some have not arrived.
     */
    async minute(well: readonly SimulatedTenant[], afterThat: () => void): Promise<number> {
      const ids: string[] = [];
      for (const tenant of simulator.tenants) {
        const Id = `${tenant.name} ${Date.now()}`;
        tenant.publish({ contentType, createdAt: new Date(), records: [Buffer.from(JSON.stringify({ Id }))] });
        publishedAt.set(Id, Date.now());
        if (well.includes(tenant)) ids.push(Id);
      }
      for (const id of ids) onTheWay.add(id);
      pass(1 / 30);
      const arrived = new Promise<void>((resolve) => {
        whenArrived = resolve;
      });
      host.startListening();
      const over = host.fireTimer('list-content').then(() => host.drain());
      await Promise.race([arrived, over]);
      const longest = Math.max(...ids.map((id) => lags.get(id) ?? Number.POSITIVE_INFINITY));
      afterThat();
      await over;
      await host.pauseListening();
      pass(1 - 1 / 30);
      return longest;
    },
  };
}

describe('fifty tenants, of which one cannot log in, one is slow, one is throttled and one has its intake down', () => {
  it('the others notice nothing, the four cost little, and get everything once they are well', async () => {
    const settings = { CONTENT_TYPES: contentType, LISTING_SCHEDULE: '0 */5 * * * *' };
    const world = await createScenario({ tenants: 50, settings });
    const { login, office, siem, tenants } = world.simulator;
    const [locked, slow, busy, silenced, ...others] = tenants;
    if (!locked || !slow || !busy || !silenced) throw new Error('fifty tenants were asked for');
    const contents = followContents(world);
    const usual: number[] = [];
    for (let minute = 0; minute < wellMinutes; minute += 1) {
      usual.push(await contents.minute(tenants, () => undefined));
    }
    const usualLag = Math.max(...usual);
    expect(usualLag).toBeLessThan(1);

    login.revokeTokens();
    const held = createHeldAnswers();
    const faults = {
      locked: login.refuseNext(7000222, Number.POSITIVE_INFINITY, locked),
      slow: office.faults.add({ match: { tenantId: slow.tenantId }, answer: held.answer }),
      busy: office.faults.add({ match: { tenantId: busy.tenantId }, answer: throttled({ status: 429 }) }),
      silenced: siem.faults.add({ match: { tenantId: silenced.tenantId }, answer: intakeRefused(503) }),
    };
    for (let minute = 0; minute < sickMinutes; minute += 1) {
      held.hold();
      const lag = await contents.minute(others, () => {
        // The slow one is not waited for: it had said nothing yet when the others were done.
        expect(held.waiting).toBeGreaterThan(0);
        held.release();
      });
      expect(lag).toBeLessThanOrEqual(usualLag);
    }
    const asked = {
      locked: faults.locked.hits,
      slow: faults.slow.hits,
      busy: faults.busy.hits,
      silenced: faults.silenced.hits,
    };
    for (const fault of Object.values(faults)) fault.remove();
    expect(asked.locked).toBeLessThanOrEqual(8);
    // Its subscriptions, a window or two and a content each minute, as of any other.
    expect(asked.slow).toBeLessThanOrEqual(5 * sickMinutes);
    expect(asked.busy).toBeLessThanOrEqual(8);
    expect(asked.silenced).toBeLessThanOrEqual(8);

    const paused = world.events.filter(({ event }) => event === 'pause.began');
    expect(new Set(paused.map(({ tenantId, code }) => `${tenantId} ${code}`))).toEqual(
      new Set([
        `${locked.tenantId} login_refused`,
        `${busy.tenantId} api_throttled`,
        `${silenced.tenantId} destination_unavailable`,
      ]),
    );
    await world.runFor(35, 5);
    const sum = asked.locked + asked.slow + asked.busy + asked.silenced;
    report('50 tenants, 4 of them sick for 15 minutes', await expectEverythingOnce(world), sum);
  });
});

describe('ten tenants, the busiest of which is suddenly given nothing by the API', () => {
  it('the others have theirs before it has anything', async () => {
    const world = await createScenario({ tenants: 10, settings: { CONTENT_TYPES: contentType } });
    const { office, tenants } = world.simulator;
    const [busy, ...others] = tenants;
    if (!busy) throw new Error('ten tenants were asked for');
    const contents = followContents(world);
    const publishMany = (count: number) => {
      for (let each = 0; each < count; each += 1) busy.publish({ contentType, createdAt: new Date(), records: 1 });
    };
    // It is well and gets ever more contents at a time, up to its share of the instance.
    publishMany(250);
    await contents.minute(tenants, () => undefined);
    const held = createHeldAnswers();
    const fault = office.faults.add({
      match: { operation: 'download', tenantId: busy.tenantId },
      answer: held.answer,
    });
    publishMany(100);
    world.pass(1 / 30);
    world.host.startListening();
    await world.host.fireTimer('list-content');
    // Its share of the instance is in use before the others have anything.
    while (held.waiting < 32) await delay(10);
    expect(await contents.minute(others, held.release)).toBeLessThan(1);
    await world.runFor(5);
    report('10 tenants, the busiest held up', await expectEverythingOnce(world), fault.hits);
  });
});
