import pMap from 'p-map';
import { encodeKeyPart, hourOf, type LedgerScope } from '../ledger/keys.ts';
import type { SettledContent } from '../ledger/replays.ts';
import { contentGates } from '../resilience/gates.ts';
import type { ContentType } from '../settings/settings.ts';
import { type JobRun, typesToDo } from './job-run.ts';

/** Contents that a job opens in one run, all its types together. */
export const replaysPerRun = 300;
/** While so many contents of the tenant wait for their turn, a replay waits: they are not to wait for it. */
export const quietBacklog = 100;
/** What ends sooner might not be there any more when its turn comes, and what was forwarded once would be told as expired. */
export const expiryMarginMs = 60 * 60_000;
const pageSize = 100;
const hoursAtATime = 8;

/**
 * Opens the settled contents that the order names, a few hundred a run and only while nothing live has to wait, so that they are sent
 * again from their first record. A row says which job opened it: what a crash has kept from being noted is not opened twice.
 */
export async function advanceReplay(run: JobRun): Promise<void> {
  if (await isBusy(run)) {
    await waitFor(run, 'It waits for contents that have just been listed: they go first.');
    return;
  }
  const budget = { left: replaysPerRun };
  for (const contentType of typesToDo(run.job, run.tenant)) {
    const scope = { tenantId: run.job.order.tenantId, contentType };
    const pause = run.pauses.closed(contentGates(scope));
    if (pause) await waitFor(run, `${contentType} waits: ${pause.message}`, contentType);
    else await replayType(run, scope, budget);
    if (run.outOfTime() || budget.left <= 0) return;
  }
}

async function replayType(run: JobRun, scope: LedgerScope, budget: { left: number }): Promise<void> {
  const { contentType } = scope;
  const { from, to, states } = run.job.order;
  let { state: place = 0, after } = run.job.cursors[contentType] ?? {};
  while (!run.outOfTime() && budget.left > 0) {
    const state = states[place];
    if (state === undefined) return;
    const page = await run.ledger.readSettled({ scope, state, from, to, after }, pageSize);
    const counts = await openPage(run, page);
    budget.left -= counts.done;
    const ended = page.length < pageSize;
    if (ended) place += 1;
    after = ended ? undefined : page.at(-1)?.rowKey;
    const cursor = { state: place, ...(after === undefined ? {} : { after }), ended: place >= states.length };
    if (!(await run.note({ contentType, cursor, ...counts })) || cursor.ended) return;
  }
}

async function openPage({ job, ledger, tenant }: JobRun, page: readonly SettledContent[]) {
  const wanted = new Set(job.order.contentIds.map(encodeKeyPart));
  const skipped = { expired: 0, changed: 0, already: 0 };
  const now = tenant.api.serverNow();
  const contents = page.filter(({ contentId }) => wanted.size === 0 || wanted.has(encodeKeyPart(contentId)));
  const hours = new Map<string, SettledContent[]>();
  for (const content of contents) {
    if (content.row.replayJob === job.id) skipped.already += 1;
    else if (content.expires - expiryMarginMs <= now) skipped.expired += 1;
    else hours.set(hourOf(content.created), [...(hours.get(hourOf(content.created)) ?? []), content]);
  }
  let done = 0;
  const open = async (hour: readonly SettledContent[]) => {
    const opened = await ledger.openAgain(hour, job.id);
    done += opened;
    skipped.changed += hour.length - opened;
  };
  await pMap(hours.values(), open, { concurrency: hoursAtATime, stopOnError: false });
  return { found: contents.length, done, skipped };
}

/** Have contents of the tenant come due, what earlier runs of the job opened among them? */
async function isBusy({ tenant: { settings }, ledger }: JobRun): Promise<boolean> {
  let due = 0;
  for (const contentType of settings.contentTypes) {
    due += (await ledger.due({ tenantId: settings.tenantId, contentType }, quietBacklog)).length;
    if (due >= quietBacklog) return true;
  }
  return false;
}

async function waitFor(run: JobRun, note: string, only?: ContentType): Promise<void> {
  const [contentType = only] = only ? [only] : typesToDo(run.job, run.tenant);
  if (!contentType || run.job.note === note) return;
  await run.note({ contentType, cursor: run.job.cursors[contentType] ?? {}, note });
}
