import type { DispatchRun } from '../dispatching/dispatcher.ts';
import { CollectorError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { apiTime } from '../management-api/listed-content.ts';
import type { ManagementApi, TimeWindow } from '../management-api/management-api.ts';
import type { ContentType, Settings, TenantSettings } from '../settings/settings.ts';
import type { Run } from '../telemetry/run.ts';
import { afterWindow, firstCheckpoint, type PlannedWindow, planListing } from './listing-plan.ts';

/** A window that needs more pages is halved, so that a fault costs at most these. */
const maxPages = 50;
const narrowestWindowMs = 60_000;

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
  interface Count {
    pages: number;
    contents: number;
    added: number;
  }

  /** Lists a window page by page, each in the ledger and dispatched before the next is asked for; false when it has too many pages. */
  async function listPages(
    run: ListingRun,
    contentType: ContentType,
    window: TimeWindow,
    pages: number,
    count: Count,
  ): Promise<boolean> {
    const scope = { tenantId: tenant.tenantId, contentType };
    let nextPage: string | undefined;
    for (let page = 0; page < pages; page += 1) {
      run.signal.throwIfAborted();
      const { contents, invalid, nextPage: next } = await api.listContents(contentType, window, nextPage, run.signal);
      const added = await ledger.add(scope, contents);
      await run.dispatch.fresh(scope, added);
      count.pages += 1;
      count.contents += contents.length;
      count.added += added.length;
      if (invalid > 0) {
        const message = `${invalid} items of a listing lack what a content needs and were left out; report it if it stays.`;
        run.log('error', {
          event: 'listing.item_invalid',
          ...scope,
          tenant: tenant.name,
          message,
        });
      }
      if (next === undefined) return true;
      nextPage = next;
    }
    return false;
  }

  async function listWindow(
    run: ListingRun,
    contentType: ContentType,
    window: TimeWindow,
    count: Count,
  ): Promise<void> {
    const narrow = window.to - window.from < 2 * narrowestWindowMs;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      try {
        if (await listPages(run, contentType, window, narrow ? Number.POSITIVE_INFINITY : maxPages, count)) return;
        break;
      } catch (error) {
        const deadToken = error instanceof CollectorError && error.disposition === 'relist';
        if (!deadToken || (narrow && attempt === 2)) throw error;
      }
    }
    const middle = window.from + Math.floor((window.to - window.from) / 2000) * 1000;
    await listWindow(run, contentType, { from: window.from, to: middle }, count);
    await listWindow(run, contentType, { from: middle, to: window.to }, count);
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

  return {
    async list(run, contentType) {
      const scope = { tenantId: tenant.tenantId, contentType };
      const now = api.serverNow();
      let checkpoint = await ledger.readCheckpoint(scope);
      if (!checkpoint) {
        checkpoint = firstCheckpoint(now, settings.backfillHours);
        await ledger.writeCheckpoint(scope, checkpoint);
      }
      const { windows, lost } = planListing(checkpoint, now, settings.lateListingHours);
      if (lost) {
        const [from, to] = [apiTime(lost.from), apiTime(lost.to)];
        const message =
          `What was created between ${from} and ${to} UTC was never listed: the app was down for longer than the API's 7 days. ` +
          'Take it from a Purview audit log search if it is needed.';
        run.log('error', {
          event: 'listing.interval_lost',
          ...scope,
          tenant: tenant.name,
          from,
          to,
          message,
        });
      }
      for (const window of windows) {
        const count: Count = { pages: 0, contents: 0, added: 0 };
        await listWindow(run, contentType, window, count);
        checkpoint = afterWindow(checkpoint, window, now);
        if (window.pass !== 'fresh') await ledger.writeCheckpoint(scope, checkpoint);
        logWindow(run, contentType, window, count);
      }
    },
  };
}
