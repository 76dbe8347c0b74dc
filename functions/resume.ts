import { answer, bodyOf } from './answer.ts';
import type { Functions } from './functions.ts';

/** Lets forwarding go on that was paused by hand. */
export function registerResume({ app, collector }: Functions): void {
  app.http('resume', {
    methods: ['POST'],
    authLevel: 'function',
    handler: (request, context) => answer(context, async (run) => collector.operate.resume(await bodyOf(request), run)),
  });
}
