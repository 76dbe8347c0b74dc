import type { DispatchRun } from '../dispatching/dispatcher.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Checkpoint } from '../ledger/progress-rows.ts';
import { apiTime, type ListedContent } from '../management-api/listed-content.ts';
import type { ListingPage, ManagementApi, TimeWindow } from '../management-api/management-api.ts';
import type { ContentType, Settings, TenantSettings } from '../settings/settings.ts';
import { faultOf } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';
import { listWindow, maxPages, type WindowListing } from './list-window.ts';
import {
  afterWindow,
  firstCheckpoint,
  overlapMs,
  type PlannedWindow,
  planListing,
  widestWindowMs,
} from './listing-plan.ts';

/** What one run shares among all it lists. */
export interface ListingRun extends Run {
  readonly dispatch: DispatchRun;
}

/** Lists one content type of one tenant: what is new, and one re-listing pass when one is due. */
export interface TypeLister {
  /** @throws CollectorError as the API client does; what was listed until then is in the ledger. */
  list(run: ListingRun, contentType: ContentType): Promise<void>;
}

export function createTypeLister(
  tenant: TenantSettings,
  api: ManagementApi,
  ledger: Ledger,
  settings: Pick<Settings, 'backfillHours' | 'lateListingHours'>,
): TypeLister {
  /** The widest window that needed no halving lately, by content type, in milliseconds: a busy tenant is listed in narrow ones. */
  const widths = new Map<ContentType, number>();

  /** How far listing ahead of a checkpoint that has fallen back has come, by content type. */
  const freshUntil = new Map<ContentType, number>();

  /** What ran ahead of the checkpoint in an earlier run need not be listed ahead again. */
  function skipListed(window: PlannedWindow, contentType: ContentType): PlannedWindow {
    if (window.pass !== 'fresh') return window;
    const from = Math.max(window.from, (freshUntil.get(contentType) ?? 0) - overlapMs);
    return { ...window, from };
  }

  interface Count {
    pages: number;
    contents: number;
    added: number;
    late: number;
    maxLatenessSeconds: number;
  }

  /** Puts a page into the ledger and dispatches what was not known; `listedBefore` is until when it should have been known. */
  async function takePage(
    run: ListingRun,
    scope: LedgerScope,
    listedBefore: number,
    { contents, invalid }: ListingPage,
    count: Count,
  ): Promise<void> {
    const now = api.serverNow();
    const lateness = ({ created }: ListedContent) => (created < listedBefore ? { lateMs: now - created } : {});
    const listed = contents.map((content) => ({ ...content, ...lateness(content) }));
    const { all: added, taken } = await ledger.add(scope, listed, (wanted) => run.dispatch.reserve(scope, wanted));
    await run.dispatch.send(taken);
    count.pages += 1;
    count.contents += contents.length;
    count.added += added.length;
    for (const { created } of added) {
      if (created >= listedBefore) continue;
      count.late += 1;
      count.maxLatenessSeconds = Math.max(count.maxLatenessSeconds, Math.round((now - created) / 1000));
    }
    if (invalid > 0) {
      const fault = faultOf(
        'item_invalid',
        `${invalid} items of a listing lack what a content needs and were left out.`,
      );
      run.log('error', { event: 'listing.item_invalid', ...scope, tenant: tenant.name, ...fault });
    }
  }

  /** Lists a planned window in parts as wide as the last ones that went through whole; `onPart` after each. */
  async function listParts(
    listing: WindowListing,
    { from, to }: PlannedWindow,
    count: Count,
    onPart: (end: number) => Promise<void>,
  ): Promise<void> {
    const { contentType } = listing;
    for (let start = from; start < to; ) {
      const width = widths.get(contentType) ?? widestWindowMs;
      const before = count.pages;
      const end = await listWindow(listing, { from: start, to: Math.min(start + width, to) });
      if (end < Math.min(start + width, to)) widths.set(contentType, end - start);
      else if (end - start === width && count.pages - before < maxPages / 4) {
        widths.set(contentType, Math.min(width * 2, widestWindowMs));
      }
      await onPart(end);
      start = end;
    }
  }

  function logWindow(run: ListingRun, contentType: ContentType, window: PlannedWindow, count: Count): void {
    if (count.added === 0 && window.pass === 'new') return;
    run.log('information', {
      event: 'listing.completed',
      runId: run.id,
      tenantId: tenant.tenantId,
      tenant: tenant.name,
      contentType,
      pass: window.pass,
      from: apiTime(window.from),
      to: apiTime(window.to),
      ...count,
    });
  }

  /** The checkpoint can stay where it is for many runs, and the interval grows; it is told once, and remembered as it grows. */
  async function tellLost(run: ListingRun, scope: LedgerScope, lost: TimeWindow): Promise<void> {
    const known = await ledger.readLostIntervals(scope);
    if (!known.some(({ from }) => from === lost.from)) {
      const [from, to] = [apiTime(lost.from), apiTime(lost.to)];
      const message = `What was created between ${from} and ${to} UTC was never listed: the app was down for longer than the API's 7 days.`;
      const fault = faultOf('interval_lost', message);
      run.log('error', { event: 'listing.interval_lost', ...scope, tenant: tenant.name, from, to, ...fault });
    }
    await ledger.writeLostInterval(scope, lost);
  }

  async function begin(scope: LedgerScope, now: number): Promise<Checkpoint> {
    const checkpoint = firstCheckpoint(now, settings.backfillHours);
    await ledger.writeCheckpoint(scope, checkpoint);
    return checkpoint;
  }

  return {
    async list(run, contentType) {
      const scope = { tenantId: tenant.tenantId, contentType };
      const now = api.serverNow();
      let checkpoint = (await ledger.readCheckpoint(scope)) ?? (await begin(scope, now));
      const { windows, lost } = planListing(checkpoint, now, settings.lateListingHours);
      if (lost) await tellLost(run, scope, lost);
      for (const window of windows) {
        const count: Count = { pages: 0, contents: 0, added: 0, late: 0, maxLatenessSeconds: 0 };
        const listedBefore = checkpoint.listedUntil;
        const onPage = (page: ListingPage) => takePage(run, scope, listedBefore, page, count);
        const listing = { api, contentType, signal: run.signal, onPage };
        await listParts(listing, skipListed(window, contentType), count, async (to) => {
          if (window.pass === 'fresh') freshUntil.set(contentType, to);
          checkpoint = afterWindow(checkpoint, { ...window, to }, now);
          if (window.pass !== 'fresh') await ledger.writeCheckpoint(scope, checkpoint);
        });
        logWindow(run, contentType, window, count);
      }
    },
  };
}
