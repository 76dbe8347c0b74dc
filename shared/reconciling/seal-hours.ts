import { CollectorError } from '../errors.ts';
import { type HourContents, noContents } from '../ledger/hour-contents.ts';
import type { Comparison, Hour } from '../ledger/hour-rows.ts';
import type { Seal } from '../ledger/hours.ts';
import { contentRowKey, contentStates, hourOf } from '../ledger/keys.ts';
import type { OpenContent } from '../ledger/open-content.ts';
import type { Checkpoint } from '../ledger/progress-rows.ts';
import { listWholeWindow } from '../listing/list-window.ts';
import { apiTime, type ListedContent } from '../management-api/listed-content.ts';
import type { TimeWindow } from '../management-api/management-api.ts';
import { gateOfListing, listingGates } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import { aboutFault } from '../telemetry/events.ts';
import { finishedHours, judge, listingParts, type Stretch, stretchesOf } from './hour-plan.ts';
import { tellImbalance } from './imbalance.ts';
import type { ReconciledType, ReconcileRun } from './reconcile-run.ts';

interface FreshListing {
  readonly window: TimeWindow;
  readonly contents: readonly ListedContent[];
  readonly pages: number;
}

/**
 * Seals the finished hours of one scope: the count kept while listing, the rows of the ledger and, once for each hour, a
 * fresh listing are compared. What the fresh listing shows for the first time is a late content: it is opened, and its hour is
 * not finished yet.
 *
 * @param unfinished hours known to have contents that are not settled, or quarantined
 */
export async function sealHours(
  run: ReconcileRun,
  type: ReconciledType,
  pauses: Pauses,
  hours: readonly Hour[],
  checkpoint: Checkpoint,
  unfinished: ReadonlySet<string>,
): Promise<void> {
  const { scope, api, ledger } = type;
  const finished = finishedHours(hours, checkpoint, api.serverNow());
  const [first, last] = [finished[0]?.hour.hour, finished.at(-1)?.hour.hour];
  if (first === undefined || last === undefined) return;
  const openHours = await ledger.findOpenHours(scope, first, last);
  await pauses.refresh();
  try {
    for (const stretch of stretchesOf(finished, openHours, unfinished)) {
      if (run.outOfTime()) return;
      if (stretch.window && pauses.closed(listingGates(scope))) continue;
      await judgeStretch(run, type, stretch);
    }
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    const gate = gateOfListing(error.code, scope.tenantId, scope.contentType);
    if (gate) await pauses.close(gate, error, run);
    if (error.code === 'deadline_reached') return;
    const about = { ...scope, tenant: type.tenant };
    run.log('error', { event: 'listing.failed', runId: run.id, ...about, ...aboutFault(error) });
  }
}

async function judgeStretch(run: ReconcileRun, type: ReconciledType, stretch: Stretch): Promise<void> {
  const { scope, api, ledger } = type;
  const { hours } = stretch;
  const [first, last] = [hours[0]?.hour ?? '', hours.at(-1)?.hour ?? ''];
  const contents = await ledger.readHourContents(scope, first, last);
  const fresh = stretch.window && (await listFresh(run, type, stretch.window, stretch));
  const at = api.serverNow();
  const late = fresh ? await addLate(run, type, fresh, contents) : [];
  const lateHours = new Set(late.map(({ created }) => hourOf(created)));

  const comparisonOf = (hour: string): { comparison?: Comparison } =>
    fresh
      ? { comparison: { at, contents: fresh.contents.filter((each) => hourOf(each.created) === hour).length } }
      : {};
  const seals: Seal[] = [];
  for (const hour of hours) {
    const found = contents.get(hour.hour) ?? noContents;
    const verdict = judge(hour, found);
    const compared = lateHours.has(hour.hour) ? {} : comparisonOf(hour.hour);
    if (verdict === 'unbalanced') await tellImbalance(run, type, hour, found.sums, compared.comparison);
    if (verdict === 'balanced' && !lateHours.has(hour.hour)) {
      seals.push({ hour, sums: found.sums, ...(found.lag && { lag: found.lag }), ...compared });
    }
  }
  if (seals.length > 0 && (await ledger.sealHours(scope, seals))) run.counts.sealed += seals.length;
}

/** What the API shows of the stretch now, each content once. */
async function listFresh(
  { signal }: ReconcileRun,
  { scope, api }: ReconciledType,
  window: TimeWindow,
  stretch: Stretch,
): Promise<FreshListing> {
  const found = new Map<string, ListedContent>();
  let pages = 0;
  const onPage = ({ contents }: { readonly contents: readonly ListedContent[] }) => {
    pages += 1;
    for (const content of contents) found.set(content.contentId, content);
  };
  for (const part of listingParts(stretch)) {
    await listWholeWindow({ api, contentType: scope.contentType, signal, onPage }, part);
  }
  return { window, contents: [...found.values()], pages };
}

/** Puts into the ledger what stands in no row, whatever the state. */
async function addLate(
  run: ReconcileRun,
  { scope, tenant, api, ledger }: ReconciledType,
  { window, contents, pages }: FreshListing,
  hours: ReadonlyMap<string, HourContents>,
): Promise<readonly OpenContent[]> {
  const known = new Set<string>();
  for (const { rowKeys } of hours.values()) for (const rowKey of rowKeys) known.add(withoutState(rowKey));
  const unknown = contents.filter((content) => !known.has(withoutState(contentRowKey('open', content))));
  if (unknown.length === 0) return [];
  const now = api.serverNow();
  const { all: added } = await ledger.add(
    scope,
    unknown.map((content) => ({ ...content, lateMs: now - content.created })),
  );
  run.counts.late += added.length;
  run.log('information', {
    event: 'listing.completed',
    runId: run.id,
    ...scope,
    tenant,
    pass: 'reconcile',
    from: apiTime(window.from),
    to: apiTime(window.to),
    pages,
    contents: contents.length,
    added: added.length,
    late: added.length,
    maxLatenessSeconds: Math.round(Math.max(0, ...added.map(({ created }) => now - created)) / 1000),
  });
  return added;
}

function withoutState(rowKey: string): string {
  return rowKey.slice(contentStates.open.length);
}
