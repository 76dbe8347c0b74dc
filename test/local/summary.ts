import type { AuditResult } from '../simulator/audit.ts';
import type { LedgerCounts } from './ledger-view.ts';

/** What a bounded run has come to; the audit is the simulators' own count, not the app's. */
export interface RunResult {
  readonly audit: AuditResult;
  readonly counts: LedgerCounts;
  /** Contents published. */
  readonly contents: number;
  /** Records accepted in each ten seconds. */
  readonly rate: readonly number[];
  /** What the app did that a well-behaved client does not. */
  readonly violations: readonly string[];
}

/** The summary's lines, and whether everything arrived exactly once and by the rules. */
export function summarise({ audit, counts, contents, rate, violations }: RunResult): { lines: string[]; ok: boolean } {
  const { published, arrived, missing, doubled, unknown, sha256 } = audit;
  const ok =
    missing === 0 && doubled === 0 && unknown === 0 && sha256.published === sha256.arrived && violations.length === 0;
  const lines = [
    '',
    `contents   published ${contents}, listed ${counts.listed}, forwarded ${counts.forwarded}, open ${counts.open}, set aside ${counts.others}`,
    `records    published ${published}, arrived ${arrived}, missing ${missing}, doubled ${doubled}, unknown ${unknown}`,
    `sha256     published ${sha256.published.slice(0, 16)}…, arrived ${sha256.arrived.slice(0, 16)}…`,
    `arrived    ${rate.join(', ')} records in each 10 seconds`,
    ...audit.examples.map((example) => `missing    ${example}`),
    ...violations.slice(0, 10).map((violation) => `violation  ${violation}`),
    ok
      ? 'Everything published has arrived, once.'
      : 'NOT everything published has arrived exactly once and by the rules.',
  ];
  return { lines, ok };
}
