import { afterAll } from 'vitest';
import type { Account } from './expectations.ts';

/** One line of a file's report. */
export interface ReportRow extends Pick<Account, 'published' | 'arrived' | 'doubled'> {
  readonly scenario: string;
  /** Asked of the service that was at fault, while it was. */
  readonly requestsDuringOutage?: number;
}

/** Collects what the scenarios of a file have found; they are printed as one table at its end. */
export function createReport(): (scenario: string, account: Account, requestsDuringOutage?: number) => void {
  const rows: ReportRow[] = [];
  afterAll(() => {
    process.stdout.write(`${tableOf(rows)}\n`);
  });
  return (scenario, { published, arrived, doubled }, requestsDuringOutage) => {
    const outage = requestsDuringOutage === undefined ? {} : { requestsDuringOutage };
    rows.push({ scenario, published, arrived, doubled, ...outage });
  };
}

const columns = ['scenario', 'published', 'arrived', 'doubled', 'requestsDuringOutage'] as const;

function tableOf(rows: readonly ReportRow[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines.map((line) => line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')).join('\n');
}
