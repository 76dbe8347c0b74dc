import { answer } from './answer.ts';
import type { Functions } from './functions.ts';

/** What is set aside, and why; `?tenant=&contentType=&continuation=`. */
export function registerQuarantine({ app, collector }: Functions): void {
  app.http('quarantine', {
    methods: ['GET'],
    authLevel: 'function',
    handler: (request, context) => {
      // The key can stand there too.
      const { code: _key, ...fields } = Object.fromEntries(request.query);
      return answer(context, () => collector.operate.quarantine(fields));
    },
  });
}
