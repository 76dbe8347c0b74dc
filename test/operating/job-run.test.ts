import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../../shared/ledger/jobs.ts';
import { afterStep, type JobStep } from '../../shared/operating/job-run.ts';

const begun: JobProgress = { state: 'waiting', cursors: {}, found: 0, done: 0, skipped: {}, note: '' };
const count = fc.nat({ max: 1_000 });
const step: fc.Arbitrary<JobStep> = fc
  .record({
    contentType: fc.constantFrom('Audit.Exchange' as const, 'Audit.General' as const),
    cursor: fc.record({ until: fc.nat() }),
    done: count,
    skipped: fc.record({ expired: count, already: count }),
  })
  .map((made) => ({ ...made, found: made.done + made.skipped.expired + made.skipped.already }));

describe("a job's progress", () => {
  it('adds up: what was found was opened or left for a reason; each type stands where its last step ended', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const progress = steps.reduce(afterStep, begun);
        const skipped = Object.values(progress.skipped).reduce((sum, each) => sum + each, 0);
        expect(progress.found).toBe(progress.done + skipped);
        expect(progress.state).toBe('running');
        for (const { contentType } of steps) {
          const last = steps.findLast((each) => each.contentType === contentType);
          expect(progress.cursors[contentType]).toEqual(last?.cursor);
        }
        expect(Object.values(progress.skipped)).not.toContain(0);
      }),
    );
  });

  it('stays cancelled, whatever is noted after', () => {
    const late = afterStep({ ...begun, state: 'cancelled' }, { contentType: 'Audit.General', cursor: {}, done: 1 });
    expect(late).toMatchObject({ state: 'cancelled', done: 1 });
  });
});
