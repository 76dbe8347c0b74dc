import type { Deliveries, Post } from '../model/deliveries.ts';
import type { AcceptedLines } from '../simulator/siem-store.ts';

/** What the kills of a run led to. */
export interface KillFigures {
  readonly kills: number;
  /** Contents that were in work, all kills together. */
  readonly inWork: number;
  /** Batches and records that arrived again after a kill. */
  readonly doubledBatches: number;
  readonly doubledRecords: number;
  /** Batches doubled by each kill. */
  readonly perKill: readonly number[];
}

/** Notes what arrives and which of it a kill may repeat: of each content in work, the batch that was accepted last. */
export interface KillLog {
  accepted(batch: AcceptedLines): void;
  /** The process was killed while it worked on these contents. */
  killed(inWork: readonly string[]): void;
  readonly figures: KillFigures;
}

export function createKillLog(deliveries: Deliveries): KillLog {
  /** Since the process was started. */
  let lastPosts = new Map<string, Post>();
  /** By content: the last kill that found it in work. */
  const killedIn = new Map<string, number>();
  const perKill: number[] = [];
  let inWorkTotal = 0;
  let doubledRecords = 0;

  function doubledPlaces({ contentId, places }: Post): number {
    const arrived = deliveries.of(contentId)?.arrived;
    return places.filter((place) => (arrived?.[place] ?? 0) > 0).length;
  }

  return {
    accepted(batch) {
      const post = deliveries.postOf(batch.lines);
      if (!post) return;
      const doubled = doubledPlaces(post);
      if (doubled > 0) {
        doubledRecords += doubled;
        const kill = killedIn.get(post.contentId);
        if (kill !== undefined) perKill[kill] = (perKill[kill] ?? 0) + 1;
      }
      lastPosts.set(post.contentId, post);
      deliveries.accepted(batch);
    },
    killed(inWork) {
      inWorkTotal += inWork.length;
      for (const contentId of inWork) {
        killedIn.set(contentId, perKill.length);
        deliveries.allowAgain(contentId, lastPosts.get(contentId));
      }
      perKill.push(0);
      lastPosts = new Map();
    },
    get figures() {
      const doubledBatches = perKill.reduce((sum, count) => sum + count, 0);
      return { kills: perKill.length, inWork: inWorkTotal, doubledBatches, doubledRecords, perKill: [...perKill] };
    },
  };
}
