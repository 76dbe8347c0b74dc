import { describe, expect, it } from 'vitest';
import { noLateness } from '../../shared/ledger/lateness.ts';
import type { PendingContent, ScopeView } from '../../shared/ledger/scope-view.ts';
import { hourStatuses, sumsOf } from '../../shared/status/hour-statuses.ts';

const now = Date.parse('2026-11-20T10:30:00Z');

function contents(count: number, hour: string): PendingContent[] {
  return Array.from({ length: count }, () => ({ hour, created: now, expires: now, listed: now, code: '' }));
}

function aView(changes: Partial<ScopeView>): ScopeView {
  const hours = ['2026-11-20T07', '2026-11-20T08', '2026-11-20T09'].map((hour) => ({
    hour,
    listed: 600,
    late: noLateness,
    removing: false,
  }));
  const subscription = { status: 'enabled', lastStart: 0, startedBy: '', code: '', message: '', remedy: '' } as const;
  const more = { open: false, quarantined: false };
  return { hours, lost: [], open: [], quarantined: [], subscription, more, ...changes };
}

function sums(changes: Partial<ScopeView>) {
  const view = aView(changes);
  return sumsOf(view, hourStatuses(view, now));
}

describe('of hours that are not judged yet', () => {
  it('what is neither open nor quarantined is settled', () => {
    expect(sums({ open: contents(100, '2026-11-20T09'), quarantined: contents(5, '2026-11-20T07') })).toMatchObject({
      listed: 1_800,
      settled: 1_695,
    });
  });

  it('nothing counts as settled where not all that is pending was looked at', () => {
    const open = [...contents(500, '2026-11-20T07'), ...contents(300, '2026-11-20T08')];
    expect(sums({ open, more: { open: true, quarantined: false } }).settled).toBe(100);
    const quarantined = contents(600, '2026-11-20T07');
    expect(sums({ quarantined, more: { open: false, quarantined: true } }).settled).toBe(0);
    expect(sums({ more: { open: true, quarantined: false } }).settled).toBe(0);
  });
});
