import type { Run } from '../../shared/telemetry/run.ts';
import { intakeRefused } from '../simulator/intake-faults.ts';
import { emptyUnauthorized, plainText } from '../simulator/wire-faults.ts';
import type { Changes, ExaminedWorld } from './examined-world.ts';

/** What has to be so for the doctor to find something, and the words by which it tells it. */
export interface Provocation {
  readonly name: string;
  /** Check, status and code. */
  readonly finding: string;
  readonly words: string;
  /** Done to the world first. */
  readonly world?: (world: ExaminedWorld) => unknown;
  readonly settings?: (world: ExaminedWorld) => Changes;
}

/** An execution of which nobody hears. */
export const aRun: Run = { id: 'run', log: () => undefined, signal: new AbortController().signal };
/** The one content type of the examined world. */
const type = 'Audit.Exchange';
const stranger = '11111111-2222-4333-8444-555555555555';
const nobody = 'http://127.0.0.1:1/devstoreaccount1';

function publish({ simulator: { tenant } }: ExaminedWorld, minutesAgo: readonly number[]): void {
  tenant.subscriptions.preset(type);
  for (const minutes of minutesAgo) {
    tenant.publish({ contentType: type, createdAt: new Date(Date.now() - minutes * 60_000), records: 1 });
  }
}

const refuseLogin =
  (code: 7000215 | 7000222 | 7000229 | 700027 | 700213) =>
  ({ simulator: { login } }: ExaminedWorld) =>
    login.refuseNext(code, 9);

export const provocations: readonly Provocation[] = [
  {
    name: 'a wrong client secret',
    finding: 'login failed login_refused',
    words: 'the client secret is wrong',
    settings: () => ({ CLIENT_SECRET: 'another~secret' }),
  },
  {
    name: 'an expired client secret',
    finding: 'login failed login_refused',
    words: 'the client secret has expired',
    world: refuseLogin(7000222),
  },
  {
    name: 'an app that the tenant does not know',
    finding: 'login failed login_refused',
    words: 'does not know the app',
    settings: () => ({ CLIENT_ID: stranger }),
  },
  {
    name: 'missing consent',
    finding: 'login failed login_refused',
    words: 'no consent',
    world: refuseLogin(7000229),
  },
  {
    name: 'a certificate that is not registered',
    finding: 'login failed login_refused',
    words: 'not registered',
    world: refuseLogin(700027),
  },
  {
    name: 'a missing federated credential',
    finding: 'login failed login_refused',
    words: 'no federated credential',
    world: refuseLogin(700213),
  },
  {
    name: 'a tenant that does not exist',
    finding: 'login failed login_refused',
    words: 'no such tenant',
    settings: () => ({ TENANT_ID: stranger }),
  },
  {
    name: 'a login host that is down',
    finding: 'login failed login_unavailable',
    words: 'HTTP status 503',
    world: ({ simulator }) => simulator.login.down(),
  },
  {
    name: 'a missing permission',
    finding: 'token failed permission_missing',
    words: 'no permission at all',
    world: ({ simulator }) => simulator.tenant.roles.splice(0),
  },
  {
    name: 'a missing permission for DLP.All',
    finding: 'token failed permission_missing',
    words: 'lacks the permission ActivityFeed.ReadDlp; it has ActivityFeed.Read',
    world: ({ simulator }) => simulator.tenant.roles.splice(0, 9, 'ActivityFeed.Read'),
    settings: () => ({ CONTENT_TYPES: `${type},DLP.All` }),
  },
  {
    name: 'auditing that is off',
    finding: 'auditing failed auditing_off',
    words: 'auditing is off',
    world: ({ simulator: { tenant } }) => Object.assign(tenant, { auditing: false }),
  },
  {
    name: 'an API that is down',
    finding: 'auditing failed api_unavailable',
    words: 'internal fault',
    world: ({ simulator }) => simulator.office.faults.add({ answer: plainText(503, 'down') }),
  },
  {
    name: 'an API that nobody reaches',
    finding: 'auditing failed network_unreachable',
    words: 'cannot be reached',
    settings: () => ({ MANAGEMENT_API_URL: 'http://127.0.0.1:1' }),
  },
  {
    name: 'a disabled subscription',
    finding: 'subscription warning',
    words: 'is disabled. The app starts it',
    world: ({ simulator }) => simulator.tenant.subscriptions.disable(type),
  },
  {
    name: 'a disabled subscription with a webhook',
    finding: 'subscription failed subscription_disabled',
    words: 'a webhook of another application',
    world: ({ simulator }) =>
      simulator.tenant.subscriptions.preset(type, {
        status: 'disabled',
        webhook: { address: 'https://example.com/', authId: 'x', expiration: '', status: 'enabled' },
      }),
  },
  {
    name: 'a subscription that could not be started',
    finding: 'subscription failed type_refused',
    words: 'There is no subscription yet. The API refuses this',
    world: (world) => {
      world.simulator.office.faults.add({ match: { operation: 'start' }, answer: emptyUnauthorized() });
      return world.collector().listContent(aRun);
    },
  },
  {
    name: 'a subscription that somebody else started',
    finding: 'subscription ok',
    words: 'not started by this app',
    world: (world) => publish(world, []),
  },
  {
    name: 'a content type that is refused',
    finding: 'listing failed type_refused',
    words: 'refuses this with a fresh token',
    world: (world) => {
      publish(world, []);
      world.simulator.tenant.refusedTypes.add(type);
    },
  },
  {
    name: 'a tenant where nothing happens',
    finding: 'listing warning',
    words: 'no content of the last 23 hours',
    world: (world) => publish(world, []),
  },
  {
    name: 'a new subscription',
    finding: 'listing ok',
    words: 'the first can take 12 hours',
    world: (world) => world.collector().listContent(aRun),
  },
  {
    name: 'a content of some hours ago',
    finding: 'listing ok',
    words: 'the newest content was created 4 hours ago',
    world: (world) => publish(world, [1200, 240, 500]),
  },
  {
    name: 'a clock that is behind',
    finding: 'clock warning',
    words: '10 minutes behind that of the API',
    world: ({ simulator: { office } }) => Object.assign(office, { clockOffsetMs: 600_000 }),
  },
  {
    name: 'a clock that is ahead',
    finding: 'clock warning',
    words: '10 minutes ahead of that of the API',
    world: ({ simulator: { office } }) => Object.assign(office, { clockOffsetMs: -600_000 }),
  },
  {
    name: 'a wrong intake key',
    finding: 'destination failed destination_refused_key',
    words: 'refuses the intake key',
    settings: () => ({ SEKOIA_INTAKE_KEY: 'wrong' }),
  },
  {
    name: 'a destination that is down',
    finding: 'destination failed destination_unavailable',
    words: 'has a fault',
    world: ({ simulator }) => simulator.siem.down(),
  },
  {
    name: 'a destination that nobody reaches',
    finding: 'destination failed destination_unavailable',
    words: 'cannot be reached',
    settings: () => ({ SEKOIA_INTAKE_URL: 'http://127.0.0.1:1' }),
  },
  {
    name: 'a destination that accepts a request without records',
    finding: 'destination ok',
    words: 'was answered with HTTP 200',
    world: ({ simulator }) => simulator.siem.faults.add({ times: 1, answer: intakeRefused(200, 'fine') }),
  },
  {
    name: 'a destination that accepts a request without records, whatever the key',
    finding: 'destination warning',
    words: 'cannot be told without sending a record',
    world: ({ simulator }) => simulator.siem.faults.add({ answer: intakeRefused(200, 'fine') }),
  },
  {
    name: 'a destination that refuses such a request, and another key otherwise',
    finding: 'destination ok',
    words: 'is refused otherwise with another key',
  },
  {
    name: 'a destination that does not tell',
    finding: 'destination warning',
    words: 'cannot be told without sending a record',
    world: ({ simulator }) => simulator.siem.faults.add({ answer: intakeRefused(400) }),
  },
  {
    name: 'storage that has another key',
    finding: 'table failed storage_refused',
    words: 'Storage refused',
    settings: ({ connectionString }) => ({
      AzureWebJobsStorage: connectionString.replace(/AccountKey=[^;]+/, 'AccountKey=d3Jvbmc='),
    }),
  },
  {
    name: 'a queue service that nobody reaches',
    finding: 'queue failed storage_unavailable',
    words: 'could not be reached',
    settings: ({ connectionString }) => ({
      AzureWebJobsStorage: connectionString.replace(/QueueEndpoint=[^;]+/, `QueueEndpoint=${nobody}`),
    }),
  },
];
