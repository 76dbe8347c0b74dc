import type { Functions } from './functions.ts';
import { withRun } from './run.ts';

/** Checks everything that collecting needs and says what is wrong; `?tenant=` takes a name or id. Changes nothing. */
export function registerDoctor({ app, collector }: Functions): void {
  app.http('doctor', {
    methods: ['GET'],
    authLevel: 'function',
    handler: (request, context) =>
      withRun(context, async (run) => {
        const tenant = request.query.get('tenant') ?? undefined;
        const examination = await collector.examine({ tenant }, run.signal);
        return { jsonBody: examination, headers: { 'Cache-Control': 'no-store' } };
      }),
  });
}
