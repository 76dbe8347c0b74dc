import type { Functions } from './functions.ts';
import { withRun } from './run.ts';

/** How everything is: a page for people, JSON for machines. `?tenant=` takes a name or id; with `?renew` the page renews itself. */
export function registerStatus({ app, collector }: Functions): void {
  app.http('status', {
    methods: ['GET'],
    authLevel: 'function',
    handler: ({ headers, query }, context) =>
      withRun(context, () =>
        collector.status({
          accept: headers.get('accept'),
          tenant: query.get('tenant'),
          renewing: query.has('renew'),
          code: query.get('code'),
        }),
      ),
  });
}
