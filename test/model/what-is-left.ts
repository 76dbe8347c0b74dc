import type { TableClient } from '@azure/data-tables';
import type { SimulatedTenant } from '../simulator/simulated-tenant.ts';
import type { Deliveries } from './deliveries.ts';
import type { QueueDriver } from './queue-driver.ts';

/** What a tenant has published, and where to see what became of it. */
export interface Collected {
  readonly tenant: SimulatedTenant;
  readonly deliveries: Deliveries;
  readonly table: TableClient;
  readonly queue: Pick<QueueDriver, 'count'>;
}

/** What is still to be done. */
export interface Left {
  /** As sentences; none when everything has arrived and is settled. */
  readonly what: readonly string[];
  /** When the first of it can be done, milliseconds since 1970; undefined when that is not known. */
  readonly due: number | undefined;
  /** Open contents whose time has come, as sentences. */
  readonly overdue: readonly string[];
}

/** What must still arrive, and what is still to be done. */
export async function whatIsLeft({ deliveries, queue, table, tenant }: Collected): Promise<Left> {
  const what: string[] = [];
  const overdue: string[] = [];
  const dues: number[] = [];
  const settled = new Set<string>();
  const filter = `PartitionKey ge '${tenant.tenantId}|' and PartitionKey lt '${tenant.tenantId}}'`;
  const rows = table.listEntities<{ due?: string; code?: string; claimed?: boolean }>({ queryOptions: { filter } });
  for await (const { rowKey = '', due, code, claimed } of rows) {
    const [state = '', , contentId = ''] = rowKey.split('|');
    if ('fgx'.includes(state)) settled.add(contentId);
    if (!'oq'.includes(state)) continue;
    const sentence = `${rowKey} is not settled: due ${due}, ${code}, ${claimed ? 'claimed' : 'not claimed'}`;
    what.push(sentence);
    if (due !== undefined && Date.parse(due) <= Date.now()) overdue.push(sentence);
    dues.push(due === undefined ? Number.POSITIVE_INFINITY : Date.parse(due));
  }
  for (const { contentId, visibleFrom } of tenant.contents) {
    if (settled.has(contentId)) continue;
    what.push(`${contentId} is not settled`);
    dues.push(visibleFrom);
  }
  for (const { contentId, arrived } of deliveries.all) {
    const missing = arrived.filter((count) => count === 0).length;
    if (missing > 0) what.push(`${missing} records of ${contentId} have not arrived`);
  }
  const messages = await queue.count();
  if (messages > 0) what.push(`${messages} messages are in the queue`);
  return { what, overdue, due: dues.length === 0 ? undefined : Math.min(...dues) };
}
