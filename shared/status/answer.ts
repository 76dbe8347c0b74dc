import type { CollectorError } from '../errors.ts';
import { type PageAddress, statusPage } from './page/page.ts';
import { contentSecurityPolicy } from './page/styles.ts';
import type { ReadStatus } from './read-status.ts';

/** What was asked for. */
export interface StatusQuestion {
  /** The Accept header. */
  readonly accept: string | null;
  /** One tenant, by name or id. */
  readonly tenant: string | null;
  /** Whether the page renews itself. */
  readonly renewing: boolean;
  /** The function key, where it stands in the address: links keep it. */
  readonly code: string | null;
}

export interface StatusAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const common = { 'Cache-Control': 'no-store', Vary: 'Accept', 'X-Content-Type-Options': 'nosniff' };
const json = { ...common, 'Content-Type': 'application/json' };

/** Storage does not say how anything is. */
export function answerUnavailable({ code, message, remedy }: CollectorError): StatusAnswer {
  return { status: 503, headers: json, body: JSON.stringify({ error: message, code, remedy }) };
}

/** The status as a page for those who accept HTML, as JSON for all others. */
export async function answerStatus(
  readStatus: ReadStatus,
  { accept, tenant, renewing, code }: StatusQuestion,
): Promise<StatusAnswer> {
  const status = await readStatus(tenant ?? undefined);
  if (tenant !== null && status.tenants.length === 0) {
    const body = JSON.stringify({ error: 'The settings have no tenant with this name or id.' });
    return { status: 404, headers: json, body };
  }
  if (!accept?.includes('text/html')) {
    return { status: 200, headers: json, body: JSON.stringify(status) };
  }
  const linkTo: PageAddress['linkTo'] = (changes) => {
    const to = { tenant, renewing, ...changes };
    const query = new URLSearchParams();
    if (to.tenant !== null) query.set('tenant', to.tenant);
    if (to.renewing) query.set('renew', '1');
    if (code !== null) query.set('code', code);
    return `?${query}`;
  };
  return {
    status: 200,
    headers: {
      ...common,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': contentSecurityPolicy,
      'Referrer-Policy': 'no-referrer',
    },
    body: statusPage(status, { renewing, linkTo }),
  };
}
