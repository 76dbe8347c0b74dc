import type { LedgerScope } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { remedies } from '../remedies.ts';
import { type Answer, Problems } from './answer.ts';
import type { OperatedTenant } from './job-run.ts';
import { isoSeconds, type Requests, tenantOf, typesOf } from './read-request.ts';

/** Contents in one answer. */
const pageSize = 100;
const forEver = Date.parse('9999-12-31T23:00:00Z');

/** What is quarantined, tenant by tenant and type by type, oldest first; with a continuation when there is more. */
export async function listQuarantine(
  { tenant: wanted, contentType, continuation }: Requests['quarantine'],
  tenants: readonly OperatedTenant[],
  ledger: Ledger,
): Promise<Answer> {
  const chosen = wanted === undefined ? tenants : [tenantOf(tenants, wanted)];
  const scopes = chosen.flatMap(({ settings }): (LedgerScope & { readonly tenant: string })[] => {
    const { tenantId, name } = settings;
    const types =
      wanted === undefined
        ? settings.contentTypes.filter((each) => (contentType ?? each) === each)
        : typesOf(settings, contentType);
    return types.map((each) => ({ tenantId, contentType: each, tenant: name }));
  });
  const start = readContinuation(continuation);
  const first = start ? scopes.findIndex((each) => each.tenantId === start[0] && each.contentType === start[1]) : 0;
  if (first < 0) throw new Problems(['continuation is not one that this request was given.']);
  const contents: object[] = [];
  let after = start?.[2];
  for (const { tenant, ...scope } of scopes.slice(first)) {
    const limit = pageSize - contents.length;
    if (limit === 0) return page(contents, [scope.tenantId, scope.contentType]);
    const found = await ledger.readSettled({ scope, state: 'quarantined', from: 0, to: forEver, after }, limit);
    after = undefined;
    for (const { contentId, created, settled, expires, code, reopened, row } of found) {
      contents.push({
        ...scope,
        tenant,
        contentId,
        code,
        // Rows of an earlier version may have none.
        remedy: code === '' ? '' : remedies[code],
        created: isoSeconds(created),
        since: isoSeconds(settled),
        expires: isoSeconds(expires),
        attempts: row.attempts,
        reopened,
        recordsAccepted: row.records,
      });
    }
    const last = found.at(-1);
    if (last && found.length === limit) return page(contents, [scope.tenantId, scope.contentType, last.rowKey]);
  }
  return page(contents);
}

/** Where the next answer begins: tenant, type and the row before. */
type Continuation = readonly [tenantId: string, contentType: string, after?: string];

function page(contents: readonly object[], next?: Continuation): Answer {
  const continuation = next && { continuation: Buffer.from(JSON.stringify(next)).toString('base64url') };
  return { status: 200, body: { contents, ...continuation } };
}

function readContinuation(text: string | undefined): Continuation | undefined {
  if (text === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    // It comes to stand in a query of the table.
    const isOurs = Array.isArray(read) && read.every((part) => typeof part === 'string' && /^[^']*$/.test(part));
    if (isOurs && read.length >= 2 && (read[2] === undefined || read[2].startsWith('q|')))
      return [read[0], read[1], read[2]];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Problems(['continuation is not one that this request was given.']);
}
