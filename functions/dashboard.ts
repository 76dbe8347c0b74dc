import type { Functions } from './functions.ts';
import { withRun } from './run.ts';

/** Source: Microsoft Learn, "Work with user identities in Azure App Service authentication": requests from outside cannot set it. */
const whoSignedIn = 'x-ms-client-principal-id';
const signIn = '/.auth/login/aad?post_login_redirect_uri=/api/dashboard';

/** The status page for people who have signed in with Entra ID; without a key, which would end up in their histories. */
export function registerDashboard({ app, collector }: Functions): void {
  app.http('dashboard', {
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: ({ headers, query }, context) =>
      withRun(context, async () => {
        if (!headers.get(whoSignedIn))
          return { status: 302, headers: { Location: signIn, 'Cache-Control': 'no-store' } };
        const tenant = query.get('tenant');
        return collector.status({ accept: 'text/html', tenant, renewing: query.has('renew'), code: null });
      }),
  });
}
