import type { ContentType } from './content-types.ts';
import { digitsOf } from './instant.ts';
import type { PublishedContent } from './published-content.ts';

/** What a listing saw when it began; its later pages show nothing else. */
export interface ListingSnapshot {
  readonly tenantId: string;
  readonly contentType: ContentType;
  /** The times as they stand in the NextPageUri. */
  readonly startTime: string;
  readonly endTime: string;
  readonly contents: readonly PublishedContent[];
  readonly pageSize: number;
}

/** A place in a snapshot. */
export interface PagePosition {
  readonly id: string;
  readonly snapshot: ListingSnapshot;
  readonly offset: number;
}

/** The page tokens that are alive. A token may be used again as long as it is. */
export interface PageTokens {
  begin(snapshot: ListingSnapshot, expiresAt: number): PagePosition;
  /** The token of the page behind this one, or undefined at the end. */
  after(position: PagePosition): string | undefined;
  find(token: string): PagePosition | undefined;
  /** No token given so far is accepted any more. */
  killAll(): void;
}

interface Kept {
  readonly snapshot: ListingSnapshot;
  readonly expiresAt: number;
  readonly stamp: string;
}

/** No tokens yet. */
export function createPageTokens(now: () => number): PageTokens {
  const kept = new Map<string, Kept>();
  let count = 0;

  function forgetExpired(): void {
    const time = now();
    for (const [id, { expiresAt }] of kept) if (expiresAt <= time) kept.delete(id);
  }

  return {
    begin(snapshot, expiresAt) {
      count += 1;
      const id = count.toString(36).padStart(4, '0');
      if (snapshot.contents.length > snapshot.pageSize) {
        forgetExpired();
        kept.set(id, { snapshot, expiresAt, stamp: digitsOf(now()) });
      }
      return { id, snapshot, offset: 0 };
    },
    after({ id, snapshot, offset }) {
      const next = offset + snapshot.pageSize;
      const stamp = kept.get(id)?.stamp;
      return next < snapshot.contents.length && stamp ? `${stamp}$${id}R$${next}==` : undefined;
    },
    find(token) {
      const parts = /^(\d+)\$([0-9a-z]+)R\$(\d+)==$/.exec(token);
      const id = parts?.[2] ?? '';
      const found = kept.get(id);
      if (!found || found.stamp !== parts?.[1] || found.expiresAt <= now()) return undefined;
      const offset = Number(parts[3]);
      const inside = offset < found.snapshot.contents.length && offset % found.snapshot.pageSize === 0;
      return inside ? { id, snapshot: found.snapshot, offset } : undefined;
    },
    killAll: () => kept.clear(),
  };
}
