import type { Functions } from './functions.ts';
import { withRun } from './run.ts';

/** The timer that checks the ledger against the listing, and moves on what only time decides. */
export function registerReconcile({ app, collector, settings }: Functions): void {
  app.timer('reconcile', {
    schedule: settings.reconcileSchedule,
    runOnStartup: false,
    handler: (_timer, context) => withRun(context, collector.reconcile),
  });
}
