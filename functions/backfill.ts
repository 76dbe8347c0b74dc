import { answer, bodyOf } from './answer.ts';
import type { Functions } from './functions.ts';

/** Orders that an interval is listed anew, and what the ledger does not know of it is collected. */
export function registerBackfill({ app, collector }: Functions): void {
  app.http('backfill', {
    methods: ['POST'],
    authLevel: 'function',
    handler: (request, context) =>
      answer(context, async (run) => collector.operate.backfill(await bodyOf(request), run)),
  });
}
