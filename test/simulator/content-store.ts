import type { ContentType } from './content-types.ts';
import type { PublishedContent } from './published-content.ts';

/** All contents of one tenant, found by id and by contentCreated. */
export interface ContentStore {
  /** In the order in which they were published. */
  readonly all: readonly PublishedContent[];
  add(content: PublishedContent): void;
  find(contentId: string): PublishedContent | undefined;
  /** Contents with contentCreated in [from, to), in no particular order. */
  createdBetween(contentType: ContentType, from: number, to: number): PublishedContent[];
  clear(): void;
}

const bucketMs = 600_000;

/** An empty store. */
export function createContentStore(): ContentStore {
  const all: PublishedContent[] = [];
  const byId = new Map<string, PublishedContent>();
  const buckets = new Map<string, PublishedContent[]>();
  const keyOf = (type: ContentType, bucket: number): string => `${type} ${bucket}`;
  return {
    all,
    add(content) {
      if (byId.has(content.contentId)) throw new RangeError(`There is a content ${content.contentId} already`);
      all.push(content);
      byId.set(content.contentId, content);
      const key = keyOf(content.contentType, Math.floor(content.createdAt / bucketMs));
      const bucket = buckets.get(key);
      if (bucket) bucket.push(content);
      else buckets.set(key, [content]);
    },
    find: (contentId) => byId.get(contentId),
    createdBetween(contentType, from, to) {
      const found: PublishedContent[] = [];
      for (let bucket = Math.floor(from / bucketMs); bucket * bucketMs < to; bucket += 1) {
        for (const content of buckets.get(keyOf(contentType, bucket)) ?? []) {
          if (content.createdAt >= from && content.createdAt < to) found.push(content);
        }
      }
      return found;
    },
    clear() {
      all.length = 0;
      byId.clear();
      buckets.clear();
    },
  };
}
