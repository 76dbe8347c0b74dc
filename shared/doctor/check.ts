import type { CollectorError, ErrorCode } from '../errors.ts';
import type { TenantSettings } from '../settings/settings.ts';

/** What is looked at, in this order. */
export const checkNames = [
  'settings',
  'table',
  'queue',
  'clock',
  'cloud',
  'credential',
  'login',
  'token',
  'auditing',
  'subscription',
  'listing',
  'destination',
] as const;
export type CheckName = (typeof checkNames)[number];

/** From the best to the worst. */
export const checkStatuses = ['ok', 'warning', 'failed'] as const;
export type CheckStatus = (typeof checkStatuses)[number];

/** What one check found; no secret, and fit for a person. */
export interface Check {
  readonly check: CheckName;
  readonly status: CheckStatus;
  /** Name and id of the tenant, where the check is about one. */
  readonly tenant?: string;
  readonly tenantId?: string;
  readonly contentType?: string;
  /** What was found and what it means. */
  readonly message: string;
  /** What to do; whenever the status is not ok. */
  readonly remedy?: string;
  /** Of docs/errors.md. */
  readonly code?: ErrorCode;
  /** The service's own code. */
  readonly externalCode?: string;
}

/** What all checks found. */
export interface Examination {
  /** The worst of the checks. */
  readonly status: CheckStatus;
  /** ISO 8601, UTC. */
  readonly examinedAt: string;
  readonly checks: readonly Check[];
}

/** A check without what it is about. */
export type Finding = Omit<Check, 'tenant' | 'tenantId'>;

export function ok(check: CheckName, message: string): Finding {
  return { check, status: 'ok', message };
}

export function warning(check: CheckName, message: string, remedy: string): Finding {
  return { check, status: 'warning', message, remedy };
}

export function failed(check: CheckName, fault: CollectorError): Finding {
  const { message, remedy, code, externalCode } = fault;
  return { check, status: 'failed', message, remedy, code, ...(externalCode === undefined ? {} : { externalCode }) };
}

/** The findings about a tenant. */
export function aboutTenant({ name, tenantId }: TenantSettings, findings: readonly Finding[]): Check[] {
  return findings.map((finding) => ({ tenant: name, tenantId, ...finding }));
}

/** All checks together, in their order: first what concerns every tenant, then tenant by tenant. */
export function examinationOf(checks: readonly Check[], now: number): Examination {
  const worst = Math.max(0, ...checks.map(({ status }) => checkStatuses.indexOf(status)));
  return { status: checkStatuses[worst] ?? 'ok', examinedAt: new Date(now).toISOString(), checks };
}
