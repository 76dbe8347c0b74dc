import type { Functions } from './functions.ts';
import { withRun } from './run.ts';

/** The timer that lists what the audit log has and dispatches what is due. */
export function registerListContent({ app, collector, settings }: Functions): void {
  app.timer('list-content', {
    schedule: settings.listingSchedule,
    runOnStartup: false,
    handler: (_timer, context) => withRun(context, collector.listContent),
  });
}
