import type { HourStatus, Status, TypeStatus } from '../../shared/status/status.ts';

const none = { contents: 0, more: false, oldestListed: null, oldestCreated: null, firstExpires: null, codes: {} };

/** An hour in which nothing was listed. */
export function anHour(changes: Partial<HourStatus> = {}): HourStatus {
  const unknown = { forwarded: null, gone: null, expired: null, records: null, bytes: null };
  return {
    hour: '2026-11-20T10',
    state: 'none',
    listed: 0,
    open: 0,
    quarantined: 0,
    ...unknown,
    lagMeanSeconds: null,
    lagMaxSeconds: null,
    ...changes,
  };
}

/** A content type that is well. */
export function aType(changes: Partial<TypeStatus> = {}): TypeStatus {
  return {
    contentType: 'Audit.Exchange',
    state: 'ok',
    sentence: 'Everything listed arrives.',
    subscription: { status: 'enabled', startedAt: null },
    listedUntil: '2026-11-20T10:00:00.000Z',
    open: none,
    quarantined: none,
    pauses: [],
    sums: { listed: 0, forwarded: 0, gone: 0, expired: 0, settled: 0, records: 0, bytes: 0, possiblyDoubled: 0 },
    late: { upTo10Minutes: 0, upTo1Hour: 0, upTo6Hours: 0, upTo24Hours: 0, longer: 0 },
    lost: [],
    hours: [anHour()],
    ...changes,
  };
}

/** A status of tenants with one content type each. */
export function aStatus(types: readonly TypeStatus[], changes: Partial<Status> = {}): Status {
  return {
    schema: 1,
    generatedAt: '2026-11-20T10:00:00.000Z',
    state: 'ok',
    tenants: types.map((type, index) => ({
      tenant: `Tenant ${index + 1}`,
      tenantId: `00000000-0000-4000-8000-00000000000${index}`,
      state: type.state,
      destination: 'Sekoia.io (intake.sekoia.io)',
      types: [type],
    })),
    leftOut: [],
    ...changes,
  };
}
