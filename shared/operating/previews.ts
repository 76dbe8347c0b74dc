import { CollectorError } from '../errors.ts';
import type { Order } from '../ledger/jobs.ts';
import { contentRowKey, contentStates, encodeKeyPart, hourOf, type SettledState } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { listWindow } from '../listing/list-window.ts';
import type { ListingPage } from '../management-api/management-api.ts';
import { listingGates } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { ContentType } from '../settings/settings.ts';
import { expiryMarginMs } from './advance-replay.ts';
import type { OperatedTenant } from './job-run.ts';

/** What an order would do, counted without doing it. */
export interface Preview {
  readonly contents: readonly CountedContents[];
  /** Contents that would be opened. */
  readonly total: number;
  /** Of these, contents and records that would stand twice in the destination. */
  readonly doubledContents: number;
  readonly doubledRecords: number;
  /** There are more: counting ended at 10,000 contents, or after 45 seconds. */
  readonly atLeast: boolean;
}

/** Contents of one type, and of one state: `new` are those of a backfill that the ledger does not know. */
export interface CountedContents {
  readonly contentType: ContentType;
  readonly state: SettledState | 'new' | 'known';
  readonly count: number;
  /** Of these, those that would be left as they are because their time has run out. */
  readonly expired?: number;
}

const maxCounted = 10_000;
const pageSize = 1_000;
const partMs = 4 * 60 * 60_000;

/** Ends the counting: there is more than can be counted now. */
class Enough extends Error {}

/** Counts what a replay would open again. */
export async function previewReplay(
  order: Order,
  ledger: Pick<Ledger, 'readSettled'>,
  now: number,
  signal: AbortSignal,
): Promise<Preview> {
  const { tenantId, from, to, states } = order;
  const wanted = new Set(order.contentIds.map(encodeKeyPart));
  const contents: CountedContents[] = [];
  const sums = { total: 0, doubledContents: 0, doubledRecords: 0 };
  let atLeast = false;
  for (const contentType of order.contentTypes) {
    for (const state of states) {
      const counted = { contentType, state, count: 0, expired: 0 };
      const range = { scope: { tenantId, contentType }, state, from, to };
      let after: string | undefined;
      do {
        if (atLeast || signal.aborted || sums.total >= maxCounted) {
          atLeast = true;
          break;
        }
        const page = await ledger.readSettled({ ...range, after }, pageSize);
        for (const { contentId, expires, row } of page) {
          if (wanted.size > 0 && !wanted.has(encodeKeyPart(contentId))) continue;
          counted.count += 1;
          if (expires - expiryMarginMs <= now) {
            counted.expired += 1;
            continue;
          }
          sums.total += 1;
          sums.doubledRecords += row.records;
          if (row.records > 0) sums.doubledContents += 1;
        }
        after = page.length < pageSize ? undefined : page.at(-1)?.rowKey;
      } while (after !== undefined);
      if (counted.count > 0) contents.push(counted);
    }
  }
  return { contents, ...sums, atLeast };
}

/** Lists what a backfill would list, and counts what the ledger does not know of it. @throws CollectorError as the API client does. */
export async function previewBackfill(
  order: Order,
  { api }: Pick<OperatedTenant, 'api'>,
  ledger: Pick<Ledger, 'readHourContents'>,
  pauses: Pick<Pauses, 'closed'>,
  signal: AbortSignal,
): Promise<Preview> {
  const { tenantId, from, to } = order;
  const contents: CountedContents[] = [];
  let total = 0;
  let listed = 0;
  let atLeast = false;
  for (const contentType of order.contentTypes) {
    const scope = { tenantId, contentType };
    refuseWhileClosed(pauses, scope);
    const counts = { new: 0, known: 0 };
    // A listing can show a content twice, and a halved window shows again what it has shown.
    const seen = new Set<string>();
    try {
      for (let start = from; start < to; ) {
        const end = Math.min(start + partMs, to);
        const hours = await ledger.readHourContents(scope, hourOf(start), hourOf(end));
        const known = new Set([...hours.values()].flatMap(({ rowKeys }) => rowKeys.map(withoutState)));
        const onPage = (page: ListingPage) => {
          for (const content of page.contents) {
            const key = withoutState(contentRowKey('open', content));
            if (seen.has(key)) continue;
            seen.add(key);
            counts[known.has(key) ? 'known' : 'new'] += 1;
          }
          if (listed + seen.size >= maxCounted || signal.aborted) throw new Enough();
        };
        start = await listWindow({ api, contentType, signal, onPage }, { from: start, to: end });
      }
    } catch (error) {
      const outOfTime = signal.aborted || (error instanceof CollectorError && error.code === 'deadline_reached');
      if (!(error instanceof Enough) && !outOfTime) throw error;
      atLeast = true;
    }
    for (const state of ['new', 'known'] as const) {
      if (counts[state] > 0) contents.push({ contentType, state, count: counts[state] });
    }
    total += counts.new;
    listed += seen.size;
    if (atLeast) break;
  }
  return { contents, total, doubledContents: 0, doubledRecords: 0, atLeast };
}

function refuseWhileClosed(pauses: Pick<Pauses, 'closed'>, scope: Parameters<typeof listingGates>[0]): void {
  const pause = pauses.closed(listingGates(scope));
  if (!pause) return;
  const { code, message, remedy } = pause;
  throw new CollectorError(message, { code, remedy, disposition: 'pause' });
}

function withoutState(rowKey: string): string {
  return rowKey.slice(contentStates.open.length);
}
