import pMap from 'p-map';
import { type Backlog, dispatchMs } from '../ledger/backlog.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { OpenContent } from '../ledger/open-content.ts';
import { contentGates, gateKey } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import { writeContentMessage } from './content-message.ts';
import type { ContentQueue } from './content-queue.ts';
import { createQueueDepth } from './queue-depth.ts';
import { shareOut } from './share-out.ts';

/** The only place that puts contents into the queue; it lives as long as the app. */
export interface Dispatcher {
  /** Begins a run: looks at the queue's depth and sets the budget. */
  begin(runId: string): Promise<DispatchRun>;
}

/** Dispatching within one run of the listing timer. */
export interface DispatchRun {
  /** Dispatches contents that were just listed, as far as budget and gates allow; the others stay due. */
  fresh(scope: LedgerScope, contents: readonly OpenContent[]): Promise<void>;
  /** Dispatches what is due in the ledger, evenly over the scopes; true when more could go with a larger budget. */
  backlog(scopes: readonly LedgerScope[]): Promise<boolean>;
  /** Looks at the queue again: what it has worked off is budget anew. */
  renew(): Promise<void>;
  readonly sent: number;
  readonly queued: number;
}

/** What was just listed may go this much beyond the wanted depth, so that no backlog keeps it waiting. */
const freshShare = 0.5;
const sendsAtATime = 32;
const readsAtATime = 16;
/** Fewest rows to look at in a scope. */
const smallestLook = 32;

/** The dispatcher; `monotonicMs` is a clock for durations. The budget is the wanted depth of the queue less what it holds. */
export function createDispatcher(
  backlog: Backlog,
  queue: ContentQueue,
  pauses: Pauses,
  monotonicMs: () => number,
): Dispatcher {
  const depth = createQueueDepth();
  let starved = false;
  let turn = 0;

  return {
    async begin(runId) {
      let budget = 0;
      let sent = 0;
      let queued = 0;
      let passed = new Map<string, number>();

      async function renew(): Promise<void> {
        await pauses.refresh();
        passed = new Map();
        queued = await queue.depth();
        depth.see(queued, monotonicMs(), starved);
        starved = false;
        budget = depth.wanted - queued;
      }

      /** How many more contents of the scope may pass its gates now. */
      function room(scope: LedgerScope): number {
        return Math.min(
          ...contentGates(scope).map((gate) => pauses.allowance(gate) - (passed.get(gateKey(gate)) ?? 0)),
        );
      }

      async function dispatch(scope: LedgerScope, wanted: readonly OpenContent[]): Promise<void> {
        const contents = wanted.slice(0, Math.max(0, room(scope)));
        if (contents.length === 0) return;
        budget -= contents.length;
        const gates = contentGates(scope);
        for (const gate of gates) passed.set(gateKey(gate), (passed.get(gateKey(gate)) ?? 0) + contents.length);
        const probe = pauses.closed(gates) !== undefined;
        if (probe) await pauses.probing(gates);
        const taken = await backlog.take(scope, contents);
        await pMap(taken, (content) => queue.send(writeContentMessage({ content, probe }, runId), dispatchMs), {
          concurrency: sendsAtATime,
          stopOnError: false,
        });
        sent += taken.length;
        depth.sent(taken.length);
      }

      await renew();
      return {
        async fresh(scope, contents) {
          const part = contents.slice(0, Math.max(0, Math.floor(budget + depth.wanted * freshShare)));
          if (part.length < contents.length) starved = true;
          await dispatch(scope, part);
        },

        async backlog(scopes) {
          const passable = scopes.filter((scope) => room(scope) > 0);
          if (budget <= 0) starved = true;
          if (budget <= 0 || passable.length === 0) return passable.length > 0;
          const perScope = Math.max(smallestLook, Math.ceil((2 * budget) / passable.length));
          const look = (scope: LedgerScope) => backlog.due(scope, Math.min(perScope, room(scope)));
          const lists = await pMap(passable, look, { concurrency: readsAtATime });
          const due = lists.reduce((sum, list) => sum + list.length, 0);
          const more = due > budget || lists.some((list) => list.length === perScope);
          if (more) starved = true;
          turn += 1;
          const shares = shareOut(lists, budget, turn);
          await pMap(passable.entries(), ([index, scope]) => dispatch(scope, shares[index] ?? []), {
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
