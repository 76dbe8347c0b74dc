import { answer, bodyOf } from './answer.ts';
import type { Functions } from './functions.ts';

/** Stops forwarding for a tenant or one of its content types. */
export function registerPause({ app, collector }: Functions): void {
  app.http('pause', {
    methods: ['POST'],
    authLevel: 'function',
    handler: (request, context) => answer(context, async (run) => collector.operate.pause(await bodyOf(request), run)),
  });
}
