import pMap from 'p-map';
import { CollectorError } from '../errors.ts';
import { hourOf } from '../ledger/keys.ts';
import type { OverdueContent, QuarantinedContent } from '../ledger/settled-contents.ts';
import { apiTime } from '../management-api/listed-content.ts';
import { faultOf } from '../telemetry/events.ts';
import { expiryMarginMs, fateOf, reopenedAttempts } from './fate.ts';
import type { ReconciledType, ReconcileRun } from './reconcile-run.ts';

/** Contents looked at in one run and scope; the next run goes on. */
const maxContents = 10_000;
const movesAtATime = 8;

/**
 * Moves on what only time decides: open contents that have expired are settled as that, and so are quarantined ones, which
 * until then are opened again every few hours. Returns the hours that still have quarantined contents, or open ones again.
 */
export async function ageContents(run: ReconcileRun, type: ReconciledType): Promise<ReadonlySet<string>> {
  const { scope, api, ledger } = type;
  const now = api.serverNow();
  const by = `reconcile-${run.id}`;
  const unfinished = new Set<string>();
  const { overdue, quarantined } = await ledger.findUnfinished(scope, now - expiryMarginMs, maxContents);

  /** Told before it is done: a crash in between may tell it twice, but not never. */
  function tellExpired(contentId: string, expires: number, records: number, lastCode: string): void {
    const message =
      `The content's time ran out at ${apiTime(expires)} UTC before it could be forwarded` +
      `${records > 0 ? ` as a whole; ${records} of its records were accepted` : ''}. ` +
      `${lastCode === '' ? '' : `What it failed by last is ${lastCode}. `}` +
      'The API no longer hands it out.';
    run.log('error', {
      event: 'content.settled',
      ...scope,
      tenant: type.tenant,
      contentId,
      state: 'expired',
      ...faultOf('content_expired', message),
    });
  }

  /** Claimed first, so that nobody begins with it meanwhile. */
  async function expireOpen({ content, code }: OverdueContent): Promise<void> {
    // Claiming counts an attempt, and this is none.
    const unattempted = { ...content, attempts: content.attempts - 1 };
    const claim = await ledger.claim(unattempted, { messageId: by, dequeueCount: 1 });
    if (!claim) return;
    const { sent, possiblyDoubled, refusedRecords, missing } = content;
    tellExpired(content.contentId, content.expires, sent.records - refusedRecords.length, code);
    try {
      const state = { sent, possiblyDoubled, refusedRecords, missing };
      await ledger.settle(claim, { state: 'expired', ...state, code: 'content_expired' });
    } catch (error) {
      if (error instanceof CollectorError && error.code === 'claim_lost') return;
      throw error;
    }
    run.counts.expired += 1;
  }

  async function age(content: QuarantinedContent): Promise<void> {
    const fate = fateOf(content, now);
    if (fate !== 'expire') unfinished.add(hourOf(content.created));
    if (fate === 'expire') {
      tellExpired(content.contentId, content.expires, content.row.records, content.code);
      if (await ledger.expire(content, by)) run.counts.expired += 1;
    }
    if (fate === 'reopen' && (await ledger.reopen(content, reopenedAttempts, by))) run.counts.reopened += 1;
  }

  const moves = [...overdue.map((each) => () => expireOpen(each)), ...quarantined.map((each) => () => age(each))];
  await pMap(
    moves,
    async (move) => {
      if (!run.outOfTime()) await move();
    },
    { concurrency: movesAtATime, stopOnError: false },
  );
  return unfinished;
}
