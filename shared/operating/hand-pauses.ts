import { CollectorError } from '../errors.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Gate, handGates } from '../resilience/gates.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { ContentType, TenantSettings } from '../settings/settings.ts';
import type { Run } from '../telemetry/run.ts';
import type { Answer } from './answer.ts';
import { isoSeconds, type Requests, typesOf } from './read-request.ts';

/** Contents counted in each type. */
const maxCounted = 1_000;

/** Forwarding that stops and goes on because somebody wants it so. */
export interface HandPauses {
  pause(request: Requests['pause'], settings: TenantSettings, run: Run): Promise<Answer>;
  /** Of a tenant: its own pause and those of its types. Of a type: its own alone. */
  resume(request: Requests['resume'], settings: TenantSettings, run: Run): Promise<Answer>;
}

export function createHandPauses(ledger: Ledger, pauses: Pauses): HandPauses {
  function gateOf({ tenantId }: TenantSettings, contentType: ContentType | undefined): Gate {
    return contentType === undefined ? { kind: 'hand', tenantId } : { kind: 'hand', tenantId, contentType };
  }

  /** What stands now, and how many contents wait for their turn. */
  async function standOf({ name, tenantId }: TenantSettings, types: readonly ContentType[]) {
    const scopes = types.map((contentType): LedgerScope => ({ tenantId, contentType }));
    const due = await Promise.all(scopes.map((scope) => ledger.due(scope, maxCounted)));
    return {
      tenantId,
      tenant: name,
      contents: scopes.map(({ contentType }, index) => ({ contentType, due: due[index]?.length ?? 0 })),
      atLeast: due.some(({ length }) => length >= maxCounted),
      paused: scopes.flatMap((scope) => {
        const pause = pauses.closed(handGates(scope));
        if (!pause) return [];
        return [{ contentType: scope.contentType, since: isoSeconds(pause.since), message: pause.message }];
      }),
    };
  }

  return {
    async pause({ contentType, reason, by, confirm }, settings, run) {
      const types = typesOf(settings, contentType);
      const changed =
        confirm && (await pauses.pause(gateOf(settings, contentType), why(settings, contentType, reason, by), run));
      return answerOf('pause', confirm, changed, await standOf(settings, types));
    },

    async resume({ contentType, confirm }, settings, run) {
      const types = typesOf(settings, contentType);
      const gates = [contentType, ...(contentType === undefined ? settings.contentTypes : [])];
      let changed = false;
      if (confirm) for (const each of gates) changed = (await pauses.resume(gateOf(settings, each), run)) || changed;
      return answerOf('resume', confirm, changed, await standOf(settings, types));
    },
  };
}

function answerOf(kind: 'pause' | 'resume', confirm: boolean, changed: boolean, stand: object): Answer {
  if (confirm) return { status: 200, body: { changed, now: stand } };
  return { status: 200, body: { would: { kind, ...stand }, toDoIt: 'Send the same request with "confirm": true.' } };
}

function why(
  { name }: TenantSettings,
  contentType: ContentType | undefined,
  reason: string | undefined,
  by: string | undefined,
): CollectorError {
  const what = contentType === undefined ? `tenant ${name}` : `${contentType} of tenant ${name}`;
  const message = `Forwarding of ${what} was paused by hand${by ? ` by ${by}` : ''}${reason ? `: ${reason}` : ''}. Listing goes on.`;
  return new CollectorError(message, { code: 'paused_by_hand', disposition: 'pause' });
}
