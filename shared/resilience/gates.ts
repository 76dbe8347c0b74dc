import type { ErrorCode } from '../errors.ts';
import type { LedgerScope } from '../ledger/keys.ts';
import type { ContentType } from '../settings/settings.ts';

/**
 * What a shared fault stops. Work passes several gates; each closes and opens on its own.
 *
 * - `tenant`: everything that is asked of the API for a tenant; the listing timer is its probe.
 * - `listing`: listing a tenant, or one content type of it; the timer again.
 * - `type`: everything that is asked of the API for one content type. `download`: downloads of a tenant.
 * - `destination`: what is sent for a tenant.
 * - `hand`: forwarding for a tenant, or for one content type, which somebody has stopped; no work opens it, and no probe goes through.
 */
export type GateKind = 'tenant' | 'listing' | 'type' | 'download' | 'destination' | 'hand';

export interface Gate {
  readonly kind: GateKind;
  readonly tenantId: string;
  /** Of a gate for one content type. */
  readonly contentType?: ContentType;
}

/** Row key of a gate's pause. */
export function gateKey({ kind, tenantId, contentType }: Gate): string {
  return contentType === undefined ? `${kind}|${tenantId}` : `${kind}|${tenantId}|${contentType}`;
}

/** The gates that a content of this scope passes on its way, in that order. */
export function contentGates({ tenantId, contentType }: LedgerScope): readonly Gate[] {
  return [
    ...handGates({ tenantId, contentType }),
    { kind: 'tenant', tenantId },
    { kind: 'type', tenantId, contentType },
    { kind: 'download', tenantId },
    { kind: 'destination', tenantId },
  ];
}

/** The gates that only people close and open. */
export function handGates({ tenantId, contentType }: LedgerScope): readonly Gate[] {
  return [
    { kind: 'hand', tenantId },
    { kind: 'hand', tenantId, contentType },
  ];
}

/** The gates that listing a content type passes. */
export function listingGates({ tenantId, contentType }: LedgerScope): readonly Gate[] {
  return [
    { kind: 'tenant', tenantId },
    { kind: 'listing', tenantId },
    { kind: 'type', tenantId, contentType },
    { kind: 'listing', tenantId, contentType },
  ];
}

/** Which gate a fault is about. */
export interface GateFault {
  readonly gate: Gate;
  /**
   * How many different contents have to meet it in a row, nothing getting through, before it is taken for one that all meet:
   * 0 when it cannot be the one content's own.
   */
  readonly enough: 0 | 1 | 3;
}

/** The gate that a failure while forwarding is about; undefined when it is the one content's own. */
export function gateOfForwarding(code: ErrorCode, scope: LedgerScope): GateFault | undefined {
  const { tenantId } = scope;
  switch (code) {
    case 'api_throttled':
    case 'login_refused':
    case 'login_unavailable':
    case 'tenant_mismatch':
    case 'auditing_off':
      return { gate: { kind: 'tenant', tenantId }, enough: 0 };
    case 'network_unreachable':
      return { gate: { kind: 'download', tenantId }, enough: 0 };
    case 'network_failed':
    case 'api_unavailable':
    case 'api_answer_invalid':
    case 'cloud_mismatch':
      return { gate: { kind: 'download', tenantId }, enough: 3 };
    case 'permission_missing':
    case 'request_refused':
    case 'type_refused':
      return { gate: { kind: 'type', ...scope }, enough: 3 };
    case 'destination_throttled':
    case 'destination_refused_key':
      return { gate: { kind: 'destination', tenantId }, enough: 0 };
    // Each try may send records twice or costs a whole batch, so that the first one pauses the destination.
    case 'destination_unavailable':
    case 'destination_unconfirmed':
      return { gate: { kind: 'destination', tenantId }, enough: 1 };
    case 'destination_refused_batch':
      return { gate: { kind: 'destination', tenantId }, enough: 3 };
    default:
      return undefined;
  }
}

/**
 * The gate that a failure while listing closes: of the tenant's subscriptions, or, with a content type, of its contents.
 * Undefined when the next run simply tries again.
 */
export function gateOfListing(code: ErrorCode, tenantId: string, contentType?: ContentType): Gate | undefined {
  const ofType = contentType === undefined ? {} : { contentType };
  switch (code) {
    case 'api_throttled':
    case 'login_refused':
    case 'login_unavailable':
    case 'tenant_mismatch':
    case 'auditing_off':
      return { kind: 'tenant', tenantId };
    case 'permission_missing':
    case 'request_refused':
    case 'type_refused':
    case 'cloud_mismatch':
      return { kind: contentType === undefined ? 'tenant' : 'type', tenantId, ...ofType };
    case 'api_unavailable':
    case 'api_answer_invalid':
    case 'network_unreachable':
    case 'network_failed':
      return { kind: 'listing', tenantId, ...ofType };
    default:
      return undefined;
  }
}
