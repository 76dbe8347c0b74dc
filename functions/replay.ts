import { answer, bodyOf } from './answer.ts';
import type { Functions } from './functions.ts';

/** Orders that settled contents are sent again. */
export function registerReplay({ app, collector }: Functions): void {
  app.http('replay', {
    methods: ['POST'],
    authLevel: 'function',
    handler: (request, context) => answer(context, async (run) => collector.operate.replay(await bodyOf(request), run)),
  });
}
