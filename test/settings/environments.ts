import { readSettings } from '../../shared/settings/read-settings.ts';

export type Environment = Record<string, string | undefined>;

export const tenantId = '8d3c1e0a-5b7f-4c2e-9a6d-0f1e2d3c4b5a';
export const otherTenantId = '1a2b3c4d-5e6f-4a0b-8c9d-0e1f2a3b4c5d';
export const clientId = 'c0ffee00-1234-4abc-8def-00112233aabb';

/** The least that an operator has to set. */
export const oneTenant: Environment = {
  TENANT_ID: tenantId,
  CLIENT_ID: clientId,
  CLIENT_SECRET: 'Rq18Q~secret-of-the-app',
  SEKOIA_INTAKE_KEY: 'intake-key-1',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

/** What several tenants share when each has its own credential and intake. */
export const shared: Environment = {
  CLIENT_ID: clientId,
  CONTOSO_SECRET: 'contoso~secret',
  CONTOSO_KEY: 'contoso-intake-key',
  FABRIKAM_KEY: 'fabrikam-intake-key',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

/**
 * The lines of the one error, without its first and last; where the app starts, what it leaves out in the same form. Empty when the
 * settings are good.
 */
export function problemsOf(environment: Environment): string[] {
  try {
    return readSettings(environment).leftOut.flatMap(({ problems }) => problems.map((line) => `- ${line}`));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split('\n').slice(1, -1);
  }
}
