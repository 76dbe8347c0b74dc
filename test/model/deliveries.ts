import { hash } from 'node:crypto';
import type { PublishedContent } from '../simulator/published-content.ts';
import type { AcceptedLines } from '../simulator/siem-store.ts';

/** Some records of one content on their way to the SIEM, by their places in it. */
export interface Post {
  readonly contentId: string;
  readonly places: readonly number[];
}

/** What became of one content's records. */
export interface ContentDelivery {
  readonly contentId: string;
  /** Of each record: how often it arrived. */
  readonly arrived: Uint8Array;
  /** Of each record: how often beyond the first time it may have arrived. */
  readonly allowed: Uint8Array;
  /** Accepted requests that brought a record again. */
  repeats: number;
  /** Events after which a batch may be repeated, whether one had been sent or not. */
  events: number;
}

/** Counts, record by record, what arrives and how often it may. */
export interface Deliveries {
  published(content: PublishedContent): void;
  /** What a request's lines are; one request is about one content. */
  postOf(lines: readonly Buffer[]): Post | undefined;
  accepted(batch: AcceptedLines): void;
  /**
   * The answer to a request for this content was lost, or whoever worked on it ended without a word: what was sent last, if
   * anything was, may come once more.
   */
  allowAgain(contentId: string, last: Post | undefined): void;
  of(contentId: string): ContentDelivery | undefined;
  readonly all: Iterable<ContentDelivery>;
  /** Lines that were never published. */
  readonly unknown: number;
}

interface Place {
  readonly contentId: string;
  readonly place: number;
}

export function createDeliveries(): Deliveries {
  const places = new Map<string, Place>();
  const contents = new Map<string, ContentDelivery>();
  let unknown = 0;
  const keyOf = (line: Buffer) => hash('sha1', line, 'base64');

  function postOf(lines: readonly Buffer[]): Post | undefined {
    const found = lines.flatMap((line) => places.get(keyOf(line)) ?? []);
    unknown += lines.length - found.length;
    const [first] = found;
    return first && { contentId: first.contentId, places: found.map(({ place }) => place) };
  }

  return {
    published({ contentId, records }) {
      for (const [place, line] of records.entries()) places.set(keyOf(line), { contentId, place });
      const none = () => new Uint8Array(records.length);
      contents.set(contentId, { contentId, arrived: none(), allowed: none(), repeats: 0, events: 0 });
    },
    postOf,
    accepted({ lines }) {
      const post = postOf(lines);
      const delivery = post && contents.get(post.contentId);
      if (!delivery) return;
      let again = false;
      for (const place of post.places) {
        const before = delivery.arrived[place] ?? 0;
        again ||= before > 0;
        delivery.arrived[place] = before + 1;
      }
      if (again) delivery.repeats += 1;
    },
    allowAgain(contentId, last) {
      const delivery = contents.get(contentId);
      if (!delivery) return;
      delivery.events += 1;
      for (const place of last?.places ?? []) delivery.allowed[place] = (delivery.allowed[place] ?? 0) + 1;
    },
    of: (contentId) => contents.get(contentId),
    get all() {
      return contents.values();
    },
    get unknown() {
      return unknown;
    },
  };
}
