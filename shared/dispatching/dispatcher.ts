import pMap from 'p-map';
import { type Backlog, dispatchMs } from '../ledger/backlog.ts';
import { type LedgerScope, partitionKey } from '../ledger/keys.ts';
import type { OpenContent } from '../ledger/open-content.ts';
import { contentGates, gateKey } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import { writeContentMessage } from './content-message.ts';
import type { ContentQueue } from './content-queue.ts';
import { createQueueDepth } from './queue-depth.ts';
import { shareOut } from './share-out.ts';

/** The only place that puts contents into the queue; it lives as long as the app. */
export interface Dispatcher {
  /** Begins a run: looks at the queue's depth and sets the budget. */
  begin(run: Pick<Run, 'id' | 'traceparent'>): Promise<DispatchRun>;
}

/** Dispatching within one run of the listing timer. */
export interface DispatchRun {
  /** How many of so many contents that are just being listed may go at once, as budget and gates allow; they are counted as gone. */
  reserve(scope: LedgerScope, count: number): number;
  /** Sends contents that the ledger has recorded as taken. */
  send(contents: readonly OpenContent[]): Promise<void>;
  /** Dispatches what is due in the ledger, evenly over the scopes; true when more could go with a larger budget. */
  backlog(scopes: readonly LedgerScope[]): Promise<boolean>;
  /** Looks at the queue again: what it has worked off is budget anew. */
  renew(): Promise<void>;
  readonly sent: number;
  readonly queued: number;
}

/** What was just listed may go this much beyond the wanted depth, so that no backlog keeps it waiting. */
const freshShare = 0.5;
/** With hundreds of scopes, looking at all of them every few seconds would cost more than the work. */
const emptyMs = 20_000;
const sendsAtATime = 32;
const readsAtATime = 16;
/** Fewest rows to look at in a scope. */
const smallestLook = 32;

/** The dispatcher. The budget is the wanted depth of the queue less what it holds. */
export function createDispatcher(
  backlog: Backlog,
  queue: ContentQueue,
  pauses: Pauses,
  { now, monotonicMs }: Pick<World, 'now' | 'monotonicMs'>,
): Dispatcher {
  /** When nothing was due in a scope, by partition: it is not looked at again at once. */
  const emptyAt = new Map<string, number>();
  const depth = createQueueDepth();
  let starved = false;
  let turn = 0;

  return {
    async begin({ id: runId, traceparent }) {
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

      /** What is due. A probe is to tell of its gate: a content that has failed before might tell of itself. */
      async function find(scope: LedgerScope, limit: number): Promise<readonly OpenContent[]> {
        if (pauses.closed(contentGates(scope)) === undefined) return await backlog.due(scope, limit);
        const due = await backlog.due(scope, Math.max(limit, smallestLook));
        const untried = due.filter(({ failedBefore }) => !failedBefore);
        return (untried.length > 0 ? untried : due).slice(0, limit);
      }

      function mayHaveDue(scope: LedgerScope): boolean {
        return Math.abs(now() - (emptyAt.get(partitionKey(scope)) ?? 0)) > emptyMs;
      }

      async function dispatch(scope: LedgerScope, wanted: readonly OpenContent[]): Promise<void> {
        const contents = wanted.slice(0, Math.max(0, room(scope)));
        if (contents.length === 0) return;
        pass(scope, contents.length);
        const gates = contentGates(scope);
        const probe = pauses.closed(gates) !== undefined;
        if (probe) await pauses.probing(gates);
        await send(await backlog.take(scope, contents), probe);
      }

      function pass(scope: LedgerScope, count: number): void {
        budget -= count;
        for (const gate of contentGates(scope)) passed.set(gateKey(gate), (passed.get(gateKey(gate)) ?? 0) + count);
      }

      async function send(contents: readonly OpenContent[], probe: boolean): Promise<void> {
        // Counted one by one: what is in the queue already must not count as sent later, or it would look as if it were worked off.
        const sendOne = async (content: OpenContent) => {
          await queue.send(writeContentMessage({ content, probe, runId, traceparent }), dispatchMs);
          depth.sent(1);
          sent += 1;
        };
        await pMap(contents, sendOne, { concurrency: sendsAtATime, stopOnError: false });
      }

      await renew();
      return {
        reserve(scope, count) {
          const fitting = Math.max(0, Math.floor(budget + depth.wanted * freshShare));
          if (fitting < count) starved = true;
          if (count > 0) emptyAt.delete(partitionKey(scope));
          // A probe is the backlog's to choose.
          const closed = pauses.closed(contentGates(scope)) !== undefined;
          const reserved = closed ? 0 : Math.max(0, Math.min(count, fitting, room(scope)));
          pass(scope, reserved);
          return reserved;
        },
        send: (contents) => send(contents, false),

        async backlog(scopes) {
          let hungry = scopes.filter((scope) => room(scope) > 0 && mayHaveDue(scope));
          // What some scopes have no use for goes to those that have more.
          while (budget > 0 && hungry.length > 0) {
            const perScope = Math.max(smallestLook, Math.ceil((2 * budget) / hungry.length));
            const look = (scope: LedgerScope) => find(scope, Math.min(perScope, room(scope)));
            const lists = await pMap(hungry, look, { concurrency: readsAtATime });
            for (const [index, scope] of hungry.entries()) {
              if (lists[index]?.length === 0) emptyAt.set(partitionKey(scope), now());
            }
            turn += 1;
            const shares = shareOut(lists, budget, turn);
            await pMap(hungry.entries(), ([index, scope]) => dispatch(scope, shares[index] ?? []), {
              concurrency: readsAtATime,
            });
            hungry = hungry.filter((scope, index) => {
              const due = lists[index]?.length ?? 0;
              return room(scope) > 0 && (due === perScope || due > (shares[index]?.length ?? 0));
            });
          }
          if (hungry.length > 0) starved = true;
          return hungry.length > 0;
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
