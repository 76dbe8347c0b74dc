import type { TableClient } from '@azure/data-tables';
import type { CollectorError, ErrorCode } from '../errors.ts';
import { isRefused } from '../ledger/conditions.ts';
import { iso } from '../ledger/open-content.ts';
import { remedies } from '../remedies.ts';
import { aboutFault } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';
import { type Gate, gateKey } from './gates.ts';
import { allowance, handPause, type Pause, pauseAfter, probeMs } from './pause-plan.ts';

/** The pauses of all gates, shared by all instances through storage and known to each within seconds. */
export interface Pauses {
  /** Reads the pauses when what is known of them is older than a few seconds; the others answer from that. */
  refresh(): Promise<void>;
  /** The first of the gates that is closed, with its pause. */
  closed(gates: readonly Gate[]): Pause | undefined;
  /** How many contents may pass the gate now: none while it is closed, 1 when a probe is due, ever more after that. */
  allowance(gate: Gate): number;
  /** A probe is on its way through the gates: no other one goes until it had its time. */
  probing(gates: readonly Gate[]): Promise<void>;
  /** A shared fault: the gate closes, or stays closed for longer; returns until when. */
  close(gate: Gate, fault: CollectorError, run: Run): Promise<number>;
  /** Work got through: the gates that were closed open, but for those closed by hand. */
  open(gates: readonly Gate[], run: Run): Promise<void>;
  /** Somebody closes a gate of kind `hand`, until `resume`; false when it was closed already, and stays as it was. */
  pause(gate: Gate, why: CollectorError, run: Run): Promise<boolean>;
  /** Opens a gate that was closed by hand; work ramps up as after any pause. False when it was open. */
  resume(gate: Gate, run: Run): Promise<boolean>;
}

const partitionKey = 'pause';
/** All pauses are read at once, so this is what honouring them costs: a read in so many milliseconds. */
const readEveryMs = 3_000;

interface PauseRow {
  until: string;
  probing: string;
  since: string;
  ended: string;
  failures: number;
  code: ErrorCode;
  message: string;
  /** Missing in a row of an earlier version. */
  remedy?: string;
}

interface KnownPause extends Pause {
  readonly etag: string;
}

interface Written {
  readonly pause: Pause | undefined;
  readonly wrote: boolean;
  readonly before: Pause | undefined;
}

export function createPauses(table: TableClient, now: () => number, random: () => number): Pauses {
  let known = new Map<string, KnownPause>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const found = new Map<string, KnownPause>();
    const filter = `PartitionKey eq '${partitionKey}'`;
    for await (const row of table.listEntities<PauseRow>({ queryOptions: { filter } })) {
      const { failures, code, message, remedy = remedies[code], etag } = row;
      const times = {
        until: Date.parse(row.until),
        probing: Date.parse(row.probing),
        since: Date.parse(row.since),
        ended: Date.parse(row.ended),
      };
      found.set(row.rowKey ?? '', { ...times, failures, code, message, remedy, etag });
    }
    known = found;
    readAt = now();
  }

  async function refreshIfOld(force: boolean): Promise<void> {
    if (!force && Math.abs(now() - readAt) < readEveryMs) return;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  }

  /**
   * Writes what `change` makes of the pause; somebody else's change is read, and the change made to that. Tells what stood
   * there before when it wrote, so that of many who see the same thing one reports it.
   */
  async function write(gate: Gate, change: (before: Pause | undefined) => Pause | undefined): Promise<Written> {
    const rowKey = gateKey(gate);
    for (let attempt = 1; ; attempt += 1) {
      const before = known.get(rowKey);
      const after = change(before);
      if (after === undefined || after === before) return { pause: before, wrote: false, before };
      const { until, probing, since, ended, failures, code, message, remedy } = after;
      const row = {
        partitionKey,
        rowKey,
        until: iso(until),
        probing: iso(probing),
        since: iso(since),
        ended: iso(ended),
        failures,
        code,
        message,
        remedy,
      };
      try {
        const { etag } = before
          ? await table.updateEntity(row, 'Replace', { etag: before.etag })
          : await table.createEntity(row);
        known.set(rowKey, { ...after, etag: etag ?? '' });
        return { pause: after, wrote: true, before };
      } catch (error) {
        if (!isRefused(error) || attempt === 5) throw error;
        await refreshIfOld(true);
      }
    }
  }

  async function end(gate: Gate, run: Run): Promise<boolean> {
    if (known.get(gateKey(gate))?.ended !== 0) return false;
    const { pause, wrote } = await write(gate, (found) =>
      found?.ended === 0 ? { ...found, ended: now() } : undefined,
    );
    if (!wrote || !pause) return false;
    const seconds = Math.round((now() - pause.since) / 1000);
    const about = { gate: gate.kind, ...aboutGate(gate), since: iso(pause.since), seconds, probes: pause.failures };
    run.log('information', { event: 'pause.ended', ...about });
    return true;
  }

  return {
    refresh: () => refreshIfOld(false),

    closed(gates) {
      return gates.map((gate) => known.get(gateKey(gate))).find((pause) => pause !== undefined && pause.ended === 0);
    },

    allowance: (gate) => allowance(known.get(gateKey(gate)), now()),

    async probing(gates) {
      for (const gate of gates) {
        if (gate.kind === 'hand') continue;
        await write(gate, (before) =>
          before?.ended === 0 ? { ...before, probing: now() + probeMs(before) } : undefined,
        );
      }
    },

    async close(gate, fault, run) {
      const chance = random();
      const { pause, wrote, before } = await write(gate, (found) => pauseAfter(found, fault, now(), chance));
      const until = pause?.until ?? now();
      if (!wrote || before?.ended === 0) return until;
      run.log('error', {
        event: 'pause.began',
        gate: gate.kind,
        ...aboutGate(gate),
        since: iso(pause?.since ?? now()),
        until: iso(until),
        ...aboutFault(fault),
      });
      return until;
    },

    async open(gates, run) {
      for (const gate of gates) if (gate.kind !== 'hand') await end(gate, run);
    },

    async pause(gate, why, run) {
      const pause = handPause(why, now());
      const { wrote } = await write(gate, (before) => (before?.ended === 0 ? before : pause));
      if (!wrote) return false;
      const about = { gate: gate.kind, ...aboutGate(gate), since: iso(pause.since), until: iso(pause.until) };
      run.log('error', { event: 'pause.began', ...about, ...aboutFault(why) });
      return true;
    },

    async resume(gate, run) {
      await refreshIfOld(true);
      return await end(gate, run);
    },
  };
}

function aboutGate({ tenantId, contentType }: Gate) {
  return { tenantId, ...(contentType === undefined ? {} : { contentType }) };
}
