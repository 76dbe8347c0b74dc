import { answer } from './answer.ts';
import type { Functions } from './functions.ts';

/** Ends an order. */
export function registerCancelJob({ app, collector }: Functions): void {
  app.http('cancel-job', {
    methods: ['DELETE'],
    route: 'jobs/{id}',
    authLevel: 'function',
    handler: (request, context) => answer(context, () => collector.operate.cancelJob(request.params['id'] ?? '')),
  });
}
