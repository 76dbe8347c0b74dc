import { answer } from './answer.ts';
import type { Functions } from './functions.ts';

/** The orders, and how far they have come. */
export function registerJobs({ app, collector }: Functions): void {
  app.http('jobs', {
    methods: ['GET'],
    authLevel: 'function',
    handler: (_request, context) => answer(context, () => collector.operate.jobs()),
  });
}
