import { CollectorError } from '../errors.ts';
import { deadlineReached } from '../forwarding/transfer.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import { listWindow, type WindowListing } from '../listing/list-window.ts';
import { reachMs } from '../listing/listing-plan.ts';
import { apiTime } from '../management-api/listed-content.ts';
import type { ListingPage, TimeWindow } from '../management-api/management-api.ts';
import { gateOfListing, listingGates } from '../resilience/gates.ts';
import type { ContentType } from '../settings/settings.ts';
import { aboutFault, faultOf } from '../telemetry/events.ts';
import { type JobRun, typesToDo } from './job-run.ts';

/** Listed at a time; the cursor is written after each. */
const partMs = 4 * 60 * 60_000;
const narrowestMs = 60_000;
/** A part that takes longer is given up and listed again in narrower ones; what was listed of it is in the ledger. */
const partLimitMs = 20_000;
/** An order may reach as far back as listing does; while it is waited for and carried out, some of the API's own margin is left. */
const utmostReachMs = reachMs + 10 * 60_000;

/**
 * Lists what the order asks for, oldest first, and puts into the ledger what it does not know; from there it goes its usual way, behind
 * what is fresh. A type that cannot be listed now keeps no other waiting.
 */
export async function advanceBackfill(run: JobRun): Promise<void> {
  for (const contentType of typesToDo(run.job, run.tenant)) {
    if (run.outOfTime()) return;
    try {
      await backfillType(run, contentType);
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      if (run.signal.aborted) return;
      await tellFault(run, contentType, error);
    }
  }
}

async function backfillType(run: JobRun, contentType: ContentType): Promise<void> {
  const { tenant, ledger, pauses, signal } = run;
  const { order } = run.job;
  const { api } = tenant;
  const scope = { tenantId: order.tenantId, contentType };
  let until = run.job.cursors[contentType]?.until ?? order.from;
  let widthMs = run.job.cursors[contentType]?.widthMs ?? partMs;
  while (!run.outOfTime()) {
    const pause = pauses.closed(listingGates(scope));
    if (pause) {
      await run.note({ contentType, cursor: { until, widthMs }, note: `${contentType} waits: ${pause.message}` });
      return;
    }
    const now = api.serverNow();
    if (until < Math.min(now - utmostReachMs, order.to)) {
      const reach = Math.min(Math.ceil((now - reachMs) / 1000) * 1000, order.to);
      // What had been collected before, and was only to be listed anew, is not lost.
      const floor = (await ledger.readCheckpoint(scope))?.floor ?? reach;
      if (until < floor) await tellLost(run, scope, { from: until, to: Math.min(reach, floor) });
      until = reach;
    }
    const counts = { pages: 0, contents: 0, added: 0 };
    const onPage = async ({ contents }: ListingPage) => {
      const { all: added } = await ledger.add(scope, contents);
      counts.pages += 1;
      counts.contents += contents.length;
      counts.added += added.length;
    };
    const window = { from: until, to: Math.min(until + widthMs, order.to) };
    let note = '';
    if (window.from < window.to) {
      const end = await listPart({ api, contentType, signal, onPage }, window);
      if (end === window.from) {
        widthMs = Math.max(narrowestMs, Math.floor(widthMs / 4_000) * 1_000);
        note = `Listing ${contentType} takes long: it goes on in parts of ${widthMs / 60_000} minutes.`;
      } else {
        // It was halved: what follows will be as busy.
        if (end < window.to) widthMs = Math.max(narrowestMs, end - window.from);
        tellListed(run, scope, { ...window, to: end }, counts);
      }
      until = end;
    }
    const ended = until >= order.to;
    if (ended) await lowerFloor(run, scope);
    const { contents: found, added: done } = counts;
    // What is listed twice while a window is halved is known the second time.
    const skipped = { known: found - done };
    const goesOn = await run.note({ contentType, cursor: { until, widthMs, ended }, found, done, skipped, note });
    if (!goesOn || ended) return;
  }
}

/** Lists a part, and returns where it ends; where it began when it took so long that listing what is new would have to wait for it. */
async function listPart(listing: WindowListing, window: TimeWindow): Promise<number> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(deadlineReached()), partLimitMs);
  try {
    return await listWindow({ ...listing, signal: AbortSignal.any([listing.signal, limit.signal]) }, window);
  } catch (error) {
    if (!limit.signal.aborted || listing.signal.aborted) throw error;
    return window.from;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * From now on the hours belong to what is collected: they are judged and sealed, and listed again for what comes late. Where other
 * hours lie between them and what was collected so far, nobody has asked for these.
 */
async function lowerFloor({ job: { order }, ledger }: JobRun, scope: LedgerScope): Promise<void> {
  const checkpoint = await ledger.readCheckpoint(scope);
  if (!checkpoint || order.from >= checkpoint.floor || order.to < checkpoint.floor) return;
  await ledger.writeCheckpoint(scope, { ...checkpoint, floor: order.from });
}

function tellListed(
  run: JobRun,
  scope: LedgerScope,
  { from, to }: TimeWindow,
  counts: { readonly pages: number; readonly contents: number; readonly added: number },
): void {
  run.log('information', {
    event: 'listing.completed',
    runId: run.id,
    ...scope,
    tenant: run.tenant.settings.name,
    pass: 'backfill',
    from: apiTime(from),
    to: apiTime(to),
    ...counts,
    late: 0,
    maxLatenessSeconds: 0,
  });
}

/** The job has waited until a part of it was beyond the API's reach. Told before it is remembered: twice perhaps, but not never. */
async function tellLost(run: JobRun, scope: LedgerScope, lost: TimeWindow): Promise<void> {
  const [from, to] = [apiTime(lost.from), apiTime(lost.to)];
  const message = `A backfill came too late for what was created between ${from} and ${to} UTC: the API reaches 7 days back.`;
  const about = { ...scope, tenant: run.tenant.settings.name, from, to };
  run.log('error', { event: 'listing.interval_lost', ...about, ...faultOf('interval_lost', message) });
  await run.ledger.writeLostInterval(scope, lost);
}

/** The cursor stands where it stood, and the next run tries again. A gate tells by itself when it closes. */
async function tellFault(run: JobRun, contentType: ContentType, fault: CollectorError): Promise<void> {
  const { tenant, job } = run;
  const { tenantId, name } = tenant.settings;
  const gate = gateOfListing(fault.code, tenantId, contentType);
  const about = { runId: run.id, tenantId, tenant: name, contentType };
  if (gate) await run.pauses.close(gate, fault, run);
  else run.log('error', { event: 'listing.failed', ...about, ...aboutFault(fault) });
  const cursor = job.cursors[contentType] ?? { until: job.order.from };
  await run.note({ contentType, cursor, note: `${contentType} failed: ${fault.message}` });
}
