/** Three times what one instance works on at a time: enough to keep it busy until the queue is looked at again. */
const smallest = 192;
/** Receiving slows down on a very long queue, and what waits there is stale sooner. */
const largest = 8_192;
/** So much of the present rate may wait in the queue: what is fresh waits behind it, and the timer looks again long before it is empty. */
const waitMs = 45_000;
/** How fast the estimate of the rate follows what is seen. */
const following = 0.3;

/** How deep the queue should be: about 45 seconds of the rate at which it is worked off, found out by trying. */
export interface QueueDepth {
  /** The queue holds so many messages at a time of a steady clock in milliseconds; `starved` is whether more would have gone. */
  see(queued: number, at: number, starved: boolean): void;
  /** So many were sent. */
  sent(count: number): void;
  readonly wanted: number;
}

export function createQueueDepth(): QueueDepth {
  let wanted = smallest;
  let ratePerMs = 0;
  let before: { readonly queued: number; readonly at: number } | undefined;
  let sentSince = 0;

  return {
    see(queued, at, starved) {
      if (before && at > before.at) {
        const drained = Math.max(0, before.queued + sentSince - queued);
        ratePerMs += following * (drained / (at - before.at) - ratePerMs);
      }
      const enough = Math.max(smallest, Math.min(largest, Math.ceil(ratePerMs * waitMs)));
      // It was well filled and is nearly empty, with more to come: it is worked off faster than was thought.
      const filled = before !== undefined && before.queued + sentSince > wanted / 2;
      if (starved && filled && queued < wanted / 4) wanted = Math.min(Math.max(2 * wanted, enough), largest);
      else wanted = Math.max(enough, Math.floor(wanted * 0.75));
      wanted = Math.max(wanted, smallest);
      before = { queued, at };
      sentSince = 0;
    },
    sent(count) {
      sentSince += count;
    },
    get wanted() {
      return wanted;
    },
  };
}
