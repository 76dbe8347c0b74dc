import { CollectorError } from '../errors.ts';
import type { ListingPage, ManagementApi, TimeWindow } from '../management-api/management-api.ts';
import type { ContentType } from '../settings/settings.ts';

/** A window that needs more pages is halved, so that a fault costs at most these. */
export const maxPages = 50;
const narrowestWindowMs = 60_000;

/** What listing a window needs to know beside the window. */
export interface WindowListing {
  readonly api: ManagementApi;
  readonly contentType: ContentType;
  readonly signal: AbortSignal;
  /** Is done with a page before the next is asked for. A content can come twice. */
  onPage(page: ListingPage): Promise<void> | void;
}

/**
 * Lists a window, under 24 hours wide, or its first part: one that needs too many pages, or whose page tokens die twice, is
 * halved until its first part goes through.
 *
 * @returns the end of what was listed; the caller goes on from there.
 * @throws CollectorError as the API client does; every page until then has been handed over.
 */
export async function listWindow(listing: WindowListing, window: TimeWindow): Promise<number> {
  const narrow = window.to - window.from < 2 * narrowestWindowMs;
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      if (await listPages(listing, window, narrow ? Number.POSITIVE_INFINITY : maxPages)) return window.to;
      break;
    } catch (error) {
      const deadToken = error instanceof CollectorError && error.disposition === 'relist';
      if (!deadToken || (narrow && attempt === 2)) throw error;
    }
  }
  const middle = window.from + Math.floor((window.to - window.from) / 2000) * 1000;
  return await listWindow(listing, { from: window.from, to: middle });
}

/** Lists a window to its end, part by part. @throws CollectorError as the API client does. */
export async function listWholeWindow(listing: WindowListing, { from, to }: TimeWindow): Promise<void> {
  for (let start = from; start < to; ) start = await listWindow(listing, { from: start, to });
}

/** False when there are more pages than allowed. */
async function listPages(listing: WindowListing, window: TimeWindow, pages: number): Promise<boolean> {
  const { api, contentType, signal } = listing;
  let nextPage: string | undefined;
  for (let count = 0; count < pages; count += 1) {
    signal.throwIfAborted();
    const page = await api.listContents(contentType, window, nextPage, signal);
    await listing.onPage(page);
    if (page.nextPage === undefined) return true;
    nextPage = page.nextPage;
  }
  return false;
}
