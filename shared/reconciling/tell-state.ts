import type { Hour } from '../ledger/hour-rows.ts';
import { iso } from '../ledger/open-content.ts';
import { apiTime } from '../management-api/listed-content.ts';
import { contentGates, type Gate, gateKey, listingGates } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import { faultOf } from '../telemetry/events.ts';
import type { Run } from '../telemetry/run.ts';
import { isJudged } from './hour-plan.ts';
import type { ReconciledType } from './reconcile-run.ts';
import { silenceOf } from './silence.ts';

/** Contents counted in a scope and state; a backlog beyond that is large, however large it is. */
const maxCounted = 10_000;
/** What pauses for less is over before anybody could look. */
const worthTellingMs = 10 * 60_000;

/** Tells how much of a type is open and quarantined, where anything is. What has been judged is neither, so that costs no read. */
export async function tellBacklog(run: Run, type: ReconciledType, hours: readonly Hour[]): Promise<void> {
  if (hours.every(isJudged)) return;
  const { scope, tenant, api, ledger } = type;
  const now = api.serverNow();
  const { open, quarantined, oldestOpen, soonestExpiry, more } = await ledger.countUnsettled(scope, maxCounted);
  if (open === 0 && quarantined === 0) return;
  run.log('information', {
    event: 'backlog.counted',
    ...scope,
    tenant,
    open,
    quarantined,
    more,
    ...(oldestOpen !== undefined && { oldestOpenSeconds: Math.round(Math.max(0, now - oldestOpen) / 1000) }),
    ...(soonestExpiry !== undefined && { soonestExpirySeconds: Math.round((soonestExpiry - now) / 1000) }),
  });
}

/** Tells of a type that has been without contents for longer than its own rhythm explains, each time anew while it lasts. */
export function tellSilence(
  run: Run,
  { scope, tenant }: ReconciledType,
  hours: readonly Hour[],
  listedUntil: number,
): void {
  const silence = silenceOf(hours, listedUntil);
  if (!silence) return;
  const message =
    `Listing works, but ${scope.contentType} of tenant ${tenant} has had no content since ${apiTime(silence.since)} UTC, for ` +
    `${silence.hours} whole hours. In the same hours a week before there were ${silence.expectedContents}.`;
  const { hours: silentHours, expectedContents } = silence;
  const since = iso(silence.since);
  const about = { ...scope, tenant, since, hours: silentHours, expectedContents };
  run.log('warning', { event: 'listing.silent', ...about, ...faultOf('listing_silent', message) });
}

/** Tells of every pause that lasts, each time anew: its beginning is told once, and may be days ago. */
export async function tellPauses(
  run: Run,
  types: readonly ReconciledType[],
  pauses: Pauses,
  now: number,
): Promise<void> {
  await pauses.refresh();
  const gates = new Map<string, Gate & { readonly tenant: string }>();
  for (const { scope, tenant } of types) {
    for (const gate of [...contentGates(scope), ...listingGates(scope)]) gates.set(gateKey(gate), { ...gate, tenant });
  }
  for (const gate of gates.values()) {
    const pause = pauses.closed([gate]);
    if (pause === undefined || now - pause.since < worthTellingMs) continue;
    const { kind, tenantId, tenant, contentType } = gate;
    const { since, code, message, remedy } = pause;
    run.log('warning', {
      event: 'pause.lasting',
      gate: kind,
      tenantId,
      tenant,
      ...(contentType !== undefined && { contentType }),
      since: iso(since),
      seconds: Math.round((now - since) / 1000),
      code,
      message,
      remedy,
    });
  }
}
