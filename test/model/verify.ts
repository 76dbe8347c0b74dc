import type { Simulator } from '../simulator/simulator.ts';
import type { ContentDelivery } from './deliveries.ts';
import type { Collected } from './what-is-left.ts';

interface Row {
  readonly listed?: number;
  readonly records?: number;
  readonly sentRecords?: number;
  readonly possiblyDoubled?: number;
  readonly code?: string;
  readonly unbalanced?: string;
}

const settledContent = /^[fgx]\|([^|]*)\|(.*)$/;

/**
 * Compares ledger, arrivals and manners with what must be when all is quiet.
 *
 * @param halving whether the destination had batches sent in parts
 * @returns what is wrong, as sentences.
 */
export async function verify(
  { tenant, table, deliveries }: Collected,
  simulator: Simulator,
  halving: boolean,
): Promise<string[]> {
  const problems: string[] = [];
  const rows = new Map<string, Row[]>();
  const counted = new Map<string, number>();
  const listed = new Map<string, number>();
  const filter = `PartitionKey ge '${tenant.tenantId}|' and PartitionKey lt '${tenant.tenantId}}'`;
  for await (const row of table.listEntities<Row>({ queryOptions: { filter } })) {
    const { partitionKey = '', rowKey = '' } = row;
    if (rowKey.startsWith('h|')) {
      listed.set(`${partitionKey}|${rowKey.slice(2)}`, row.listed ?? 0);
      if (row.unbalanced) problems.push(`${partitionKey} ${rowKey} was found unbalanced`);
    }
    const [, hour, contentId = ''] = settledContent.exec(rowKey) ?? [];
    if (hour === undefined) continue;
    const key = `${partitionKey}|${hour}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
    rows.set(contentId, [...(rows.get(contentId) ?? []), row]);
    if (!rowKey.startsWith('f|')) problems.push(`${rowKey} was not forwarded: ${row.code}`);
  }
  for (const key of new Set([...listed.keys(), ...counted.keys()])) {
    const [one, other] = [listed.get(key) ?? 0, counted.get(key) ?? 0];
    if (one !== other) problems.push(`${key}: ${one} listed, but ${other} rows`);
  }
  for (const delivery of deliveries.all) {
    const [row, ...more] = rows.get(delivery.contentId) ?? [];
    if (!row || more.length > 0)
      problems.push(`${delivery.contentId} stands in the ledger ${more.length + (row ? 1 : 0)} times`);
    else problems.push(...judge(delivery, row, halving));
  }
  if (rows.size !== tenant.contents.length) problems.push(`${rows.size} contents in the ledger`);
  if (deliveries.unknown > 0) problems.push(`${deliveries.unknown} lines arrived that were never published`);
  return [...problems, ...simulator.office.violations.splice(0), ...simulator.siem.violations.splice(0)];
}

function judge(delivery: ContentDelivery, row: Row, halving: boolean): string[] {
  const { contentId, arrived, allowed, events } = delivery;
  const problems: string[] = [];
  const records = arrived.length;
  if (row.records !== records || row.sentRecords !== records)
    problems.push(`${contentId}: ${records} records, but the ledger has ${row.records} and ${row.sentRecords}`);
  const missing = arrived.filter((count) => count === 0).length;
  if (missing > 0) problems.push(`${contentId}: ${missing} records did not arrive`);
  const places = [...arrived.keys()].filter((place) => (arrived[place] ?? 0) > 1 + (allowed[place] ?? 0));
  if (places.length > 0) {
    const shown = places.map((place) => `[${place}] ${arrived[place]} times, allowed ${1 + (allowed[place] ?? 0)}`);
    problems.push(`${contentId}: arrived too often: ${shown.join(', ')}`);
  }
  // The parts of one batch may come again one by one.
  const repeats = halving ? Math.max(0, ...arrived.map((count) => count - 1)) : delivery.repeats;
  if (repeats > (row.possiblyDoubled ?? 0))
    problems.push(
      `${contentId}: ${repeats} repeats, but ${row.possiblyDoubled} counted as possible (${events} events)`,
    );
  if ((row.possiblyDoubled ?? 0) > events)
    problems.push(`${contentId}: ${row.possiblyDoubled} counted as possibly doubled after ${events} events`);
  return problems;
}
