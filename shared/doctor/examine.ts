import pMap from 'p-map';
import { durationText } from '../durations.ts';
import { CollectorError } from '../errors.ts';
import { createTokenSource } from '../identity/token-source.ts';
import type { ProgressRows } from '../ledger/progress-rows.ts';
import { createManagementApi } from '../management-api/management-api.ts';
import { remedies } from '../remedies.ts';
import type { Acceptance } from '../resilience/acceptance.ts';
import type { Settings, TenantSettings } from '../settings/settings.ts';
import { probeStorage } from '../storage/probe-storage.ts';
import type { Storage } from '../storage/storage.ts';
import type { World } from '../world.ts';
import {
  aboutTenant,
  type Check,
  type Examination,
  examinationOf,
  type Finding,
  failed,
  ok,
  warning,
} from './check.ts';
import { checkCloud } from './check-cloud.ts';
import { checkCredential } from './check-credential.ts';
import { checkDestination } from './check-destination.ts';
import { asFault, checkFeed } from './check-feed.ts';
import { checkStorage } from './check-storage.ts';
import { checkToken } from './check-token.ts';

/** Whom to examine. */
export interface ExaminationScope {
  /** Name or id of one tenant; all of them when it is left out. */
  readonly tenant?: string | undefined;
}

/** Looks at everything that collecting needs, and changes nothing: neither in Microsoft 365, nor in the destination, nor in storage. */
export type Examine = (scope: ExaminationScope, signal: AbortSignal) => Promise<Examination>;

const tenantsAtATime = 8;
const tenantLimitMs = 60_000;
/** A gateway in front of the app gives up after 230 seconds, and then nobody sees anything of what was found. */
const wholeLimitMs = 200_000;
/** Tokens and signatures are good for five minutes to either side. */
const worryingOffsetMs = 60_000;

export function createExamine(
  settings: Settings,
  storage: Storage,
  rows: ProgressRows,
  acceptance: Acceptance,
  world: World,
): Examine {
  /** A fresh login and fresh answers: nothing here comes from what the app has kept. */
  async function examineTenant(tenant: TenantSettings, outer: AbortSignal) {
    const { http, now } = world;
    if (outer.aborted) return { checks: aboutTenant(tenant, [notExamined()]) };
    const silent = `The services of tenant ${tenant.name} did not answer within ${tenantLimitMs / 1000} seconds.`;
    const signal = AbortSignal.any([outer, limit(tenantLimitMs, silent)]);
    const tokens = createTokenSource({ tenant, now });
    const api = createManagementApi(tenant, http, tokens, now);
    const destination = guarded('destination', async () => [
      await checkDestination(tenant.destination, http, () => acceptance.acceptedLately(tenant.tenantId), signal),
    ]);
    const findings: Finding[] = [
      ...(await guarded('cloud', () => checkCloud(tenant, http, signal))),
      checkCredential(tenant.credential, now()),
      ...(await guarded('login', async () => {
        const token = await tokens.token(signal);
        const gave = ok('login', `Entra ID gave app ${tenant.clientId} a token.`);
        const claims = checkToken(token, tenant);
        return [gave, ...claims, ...(await checkFeed(tenant, api, rows, now, signal))];
      })),
      ...(await destination),
    ];
    const answered = findings.some(({ check, status }) => check === 'auditing' && status === 'ok');
    return { checks: aboutTenant(tenant, findings), ...(answered ? { offsetMs: api.serverNow() - now() } : {}) };
  }

  return async ({ tenant: wanted }, signal) => {
    const tenants = settings.tenants.filter((tenant) => isWanted(tenant, wanted));
    const late = `The examination of all tenants took longer than ${wholeLimitMs / 1000} seconds, and was ended.`;
    const whole = AbortSignal.any([signal, limit(wholeLimitMs, late)]);
    const [probes, examined] = await Promise.all([
      probeStorage(storage),
      pMap(tenants, (tenant) => examineTenant(tenant, whole), { concurrency: tenantsAtATime }),
    ]);
    const checks: Check[] = [
      ...checkSettings(settings, tenants, wanted),
      ...probes.map((probe) => checkStorage(settings.storage, probe)),
      ...checkClock(examined),
      ...examined.flatMap((each) => each.checks),
    ];
    return examinationOf(checks, world.now());
  };
}

/** A service that says nothing must not hold up the others' findings, nor many of them the whole. */
function limit(afterMs: number, message: string): AbortSignal {
  const stop = new AbortController();
  const late = new CollectorError(message, { code: 'network_unreachable', disposition: 'retry' });
  setTimeout(() => stop.abort(late), afterMs).unref();
  return stop.signal;
}

function notExamined(): Finding {
  const message = 'It was not examined: the tenants before it took all the time there was.';
  return warning('login', message, 'Examine it alone: npm run doctor -- --tenant NAME, or ?tenant=NAME.');
}

/** What a check throws is what it found. */
async function guarded(check: Finding['check'], work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    return [failed(check, asFault(error))];
  }
}

function isWanted({ name, tenantId }: TenantSettings, wanted: string | undefined): boolean {
  return wanted === undefined || tenantId === wanted.toLowerCase() || name.toLowerCase() === wanted.toLowerCase();
}

function checkSettings({ leftOut }: Settings, tenants: readonly TenantSettings[], wanted: string | undefined): Check[] {
  const out = leftOut.map(
    ({ where, tenantId, name, problems }): Check => ({
      check: 'settings',
      status: 'failed',
      ...(tenantId === undefined ? {} : { tenantId, tenant: name ?? tenantId }),
      message: `${where} is left out, the other tenants go on. ${problems.join(' ')}`,
      remedy: remedies.settings_invalid,
      code: 'settings_invalid',
    }),
  );
  if (tenants.length === 0) {
    const message = `The settings have no tenant with the name or id ${wanted}.`;
    return [...out, warning('settings', message, 'Give a name or tenant id as it stands in the settings.')];
  }
  const types = tenants.reduce((sum, { contentTypes }) => sum + contentTypes.length, 0);
  const [count, kinds] = [counted(tenants.length, 'tenant'), counted(types, 'content type')];
  return [ok('settings', `They can be read: ${count} with ${kinds} in all.`), ...out];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Our clock against that of the API, by its answers; nothing where nobody answered. */
function checkClock(answers: readonly { readonly offsetMs?: number }[]): Finding[] {
  const offsets = answers.flatMap(({ offsetMs }) => offsetMs ?? []);
  const offset = offsets.find((each) => Math.abs(each) >= worryingOffsetMs);
  if (offsets.length === 0) return [];
  if (offset === undefined) return [ok('clock', 'The clock of this machine agrees with that of the API.')];
  const way = offset > 0 ? 'behind' : 'ahead of';
  const message = `The clock of this machine is ${durationText(Math.abs(offset))} ${way} that of the API. Listing goes by the API's; logins and storage may refuse.`;
  return [warning('clock', message, 'Set the clock of the machine; in Azure, restart the app.')];
}
