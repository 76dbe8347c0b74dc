import { TableClient } from '@azure/data-tables';
import { vi } from 'vitest';
import { maxRequestBytes } from '../simulator/intake.ts';
import { createRandom } from '../simulator/random.ts';
import type { SimulatedTenant } from '../simulator/simulated-tenant.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { type Instance, startInstance } from './instance.ts';
import type { QueueDriver } from './queue-driver.ts';

/** What all sequences share, since starting it takes longer than most of them. */
export interface Ground {
  readonly simulator: Simulator;
  readonly connectionString: string;
  readonly queue: QueueDriver;
}

/** One sequence's world: a tenant of its own, an empty ledger and queue, and up to two instances of the app. */
export interface ModelWorld extends Ground {
  readonly tenant: SimulatedTenant;
  readonly deliveries: Deliveries;
  /** Names of the events that were logged, and how often. */
  readonly events: Map<string, number>;
  readonly table: TableClient;
  /** The instance in a slot, started anew where it has crashed; another one while it is frozen. */
  instance(slot: number): Promise<Instance>;
  /** The instance in a slot when it is frozen. */
  frozen(slot: number): Instance | undefined;
  /** Ends the instance in a slot, in order or not. */
  stop(slot: number): Promise<void>;
  /** Batches were sent in parts. */
  halving: boolean;
  /** Mishaps that have happened to instances. */
  readonly mishaps: number;
  advance(minutes: number): void;
  close(): Promise<void>;
}

export const modelTypes = ['Audit.Exchange', 'Audit.General'] as const;
/** Contents on a page of a listing. */
const pageSize = 4;
const minuteMs = 60_000;
const slots = [0, 1] as const;

/** @param seed of what the product leaves to chance */
export async function createModelWorld(ground: Ground, tenant: SimulatedTenant, seed: number): Promise<ModelWorld> {
  const { simulator, connectionString, queue } = ground;
  const deliveries = createDeliveries();
  const events = new Map<string, number>();
  const random = createRandom(seed);
  const environment = {
    ...simulator.environment(tenant),
    CONTENT_TYPES: modelTypes.join(','),
    // A sequence may wait for long before it lists for the first time.
    BACKFILL_HOURS: '96',
  };
  const table = TableClient.fromConnectionString(connectionString, 'm365auditledger', {
    allowInsecureConnection: true,
  });
  await table.deleteTable();
  await queue.clear();
  simulator.office.pageSize = pageSize;
  const stopListening = simulator.siem.onBatch((batch) => {
    if (batch.tenantId === tenant.tenantId) deliveries.accepted(batch);
  });
  const instances = new Map<number, Instance>();
  const ended: Instance[] = [];
  let started = 0;

  async function start(slot: number): Promise<Instance> {
    started += 1;
    const instance = await startInstance({
      number: started,
      environment,
      connectionString,
      siemOrigin: simulator.siem.origin,
      deliveries,
      random: random.next,
      onEvent: ({ event }) => events.set(event, (events.get(event) ?? 0) + 1),
    });
    instances.set(slot, instance);
    return instance;
  }

  async function stop(slot: number): Promise<void> {
    const instance = instances.get(slot);
    if (!instance) return;
    instances.delete(slot);
    ended.push(instance);
    await instance.close();
  }

  async function instanceIn(slot: number): Promise<Instance> {
    const instance = instances.get(slot);
    if (instance?.boundaries.state === 'running') return instance;
    if (instance?.boundaries.state === 'frozen') {
      const other = 1 - slot;
      if (instances.get(other)?.boundaries.state !== 'frozen') return instanceIn(other);
    }
    await stop(slot);
    return start(slot);
  }

  return {
    ...ground,
    tenant,
    deliveries,
    events,
    table,
    instance: instanceIn,
    frozen(slot) {
      const instance = instances.get(slot);
      return instance?.boundaries.state === 'frozen' ? instance : undefined;
    },
    stop,
    halving: false,
    get mishaps() {
      return [...ended, ...instances.values()].reduce((sum, { boundaries }) => sum + boundaries.happened, 0);
    },
    advance: (minutes) => {
      vi.setSystemTime(Date.now() + minutes * minuteMs);
    },
    async close() {
      stopListening();
      simulator.office.faults.clear();
      simulator.siem.faults.clear();
      simulator.siem.maxBytes = maxRequestBytes;
      for (const slot of slots) await stop(slot);
    },
  };
}
