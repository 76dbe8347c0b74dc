import pMap from 'p-map';
import { type Backlog, dispatchMs } from '../ledger/backlog.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { OpenContent } from '../ledger/open-content.ts';
import { writeContentMessage } from './content-message.ts';
import type { ContentQueue } from './content-queue.ts';
import { shareOut } from './share-out.ts';

/** The only place that puts contents into the queue; it lives as long as the app. */
export interface Dispatcher {
  /** Begins a run: looks at the queue's depth and sets the budget. */
  begin(runId: string): Promise<DispatchRun>;
}

/** Dispatching within one run of the listing timer. */
export interface DispatchRun {
  /** Dispatches contents that were just listed, as far as the budget goes; the others stay due. */
  fresh(scope: LedgerScope, contents: readonly OpenContent[]): Promise<void>;
  /** Dispatches what is due in the ledger, evenly over the scopes; true when more is due than the budget allows. */
  backlog(scopes: readonly LedgerScope[]): Promise<boolean>;
  /** Looks at the queue again: what it has worked off is budget anew. */
  renew(): Promise<void>;
  readonly sent: number;
  readonly queued: number;
}

/** Enough to keep one instance busy for a while. */
const smallestDepth = 256;
/** Receiving slows down on a very long queue, and what waits there is stale sooner. */
const largestDepth = 8_192;
const sendsAtATime = 32;
const readsAtATime = 16;
/** Fewest rows to look at in a scope. */
const smallestLook = 32;

/** The budget is the wanted depth less what the queue holds; the wanted depth doubles as long as the queue drains and halves when it does not. */
export function createDispatcher(backlog: Backlog, queue: ContentQueue): Dispatcher {
  let wantedDepth = smallestDepth;
  let starved = false;

  return {
    async begin(runId) {
      let budget = 0;
      let sent = 0;
      let queued = 0;

      async function renew() {
        queued = await queue.depth();
        if (starved && queued < wantedDepth / 4) wantedDepth = Math.min(wantedDepth * 2, largestDepth);
        else if (queued > wantedDepth / 2) wantedDepth = Math.max(wantedDepth / 2, smallestDepth);
        starved = false;
        budget = Math.max(0, wantedDepth - queued);
      }

      async function dispatch(scope: LedgerScope, contents: readonly OpenContent[]): Promise<void> {
        if (contents.length === 0) return;
        budget -= contents.length;
        const taken = await backlog.take(scope, contents);
        await pMap(taken, (content) => queue.send(writeContentMessage(content, runId), dispatchMs), {
          concurrency: sendsAtATime,
          stopOnError: false,
        });
        sent += taken.length;
      }

      await renew();
      return {
        async fresh(scope, contents) {
          const part = contents.slice(0, Math.max(0, budget));
          if (part.length < contents.length) starved = true;
          await dispatch(scope, part);
        },

        async backlog(scopes) {
          if (budget <= 0) starved = true;
          if (budget <= 0 || scopes.length === 0) return budget <= 0;
          const perScope = Math.max(smallestLook, Math.ceil((2 * budget) / scopes.length));
          const lists = await pMap(scopes, (scope) => backlog.due(scope, perScope), { concurrency: readsAtATime });
          const due = lists.reduce((sum, list) => sum + list.length, 0);
          const shares = shareOut(lists, budget);
          const more = due > budget || lists.some((list) => list.length === perScope);
          if (more) starved = true;
          await pMap(scopes.entries(), ([index, scope]) => dispatch(scope, shares[index] ?? []), {
            concurrency: readsAtATime,
          });
          return more;
        },

        renew,
        get sent() {
          return sent;
        },
        get queued() {
          return queued;
        },
      };
    },
  };
}
