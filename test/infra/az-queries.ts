import { Refusal } from './simulated-entra.ts';

const guid = '([0-9a-f-]{36})';

/** The JMESPath expressions that infra/register-app.sh uses, and no other. */
const queries: readonly [RegExp, (answer: unknown, ...parts: string[]) => unknown][] = [
  [/^(name|tenantId|appId|id)$/, (answer, name = '') => field(answer, name)],
  [/^endpoints\.microsoftGraphResourceId$/, (answer) => field(field(answer, 'endpoints'), 'microsoftGraphResourceId')],
  [/^\[\]\.(appId|id)$/, (answer, name = '') => each(answer, name)],
  [
    /^\[principalId,clientId,tenantId\]$/,
    (answer) => ['principalId', 'clientId', 'tenantId'].map((name) => field(answer, name)),
  ],
  [/^appRoles\[\?value=='([\w.]+)'\]\.id$/, (answer, value) => each(where(field(answer, 'appRoles'), { value }), 'id')],
  [
    new RegExp(`^requiredResourceAccess\\[\\?resourceAppId=='${guid}'\\]\\.resourceAccess\\[\\]\\.id$`),
    (answer, resourceAppId) => {
      const accesses = where(field(answer, 'requiredResourceAccess'), { resourceAppId });
      return each(each(accesses, 'resourceAccess').flat(), 'id');
    },
  ],
  [
    new RegExp(`^\\[\\?issuer=='([^']+)' && subject=='${guid}'\\]\\.\\[id,audiences\\[0\\]\\]$`),
    (answer, issuer, subject) =>
      where(answer, { issuer, subject }).map((one) => [field(one, 'id'), items(field(one, 'audiences'))[0]]),
  ],
  [
    new RegExp(`^value\\[\\?resourceId=='${guid}'\\]\\.appRoleId$`),
    (answer, resourceId) => each(where(field(answer, 'value'), { resourceId }), 'appRoleId'),
  ],
];

function field(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}

function items(value: unknown): readonly unknown[] {
  return value as readonly unknown[];
}

function each(list: unknown, name: string): unknown[] {
  return items(list).map((one) => field(one, name));
}

function where(list: unknown, wanted: Readonly<Record<string, string | undefined>>): unknown[] {
  return items(list).filter((one) => Object.entries(wanted).every(([name, value]) => field(one, name) === value));
}

/** What `--query` makes of an answer. */
export function applyQuery(answer: unknown, query: string | undefined): unknown {
  if (query === undefined) return answer;
  for (const [pattern, read] of queries) {
    const match = pattern.exec(query);
    if (match) return read(answer, ...match.slice(1));
  }
  throw new Refusal(`argument --query: invalid jmespath_type value: '${query}'`, 2);
}

/** `--output tsv`: a line for each item of a list, tabs between the fields of one. */
export function asTsv(answer: unknown): string {
  const rows = Array.isArray(answer) ? answer : answer === undefined ? [] : [answer];
  return rows.map((row) => `${fieldsOf(row).join('\t')}\n`).join('');
}

function fieldsOf(row: unknown): unknown[] {
  const fields = row !== null && typeof row === 'object' ? Object.values(row) : [row];
  // A list within a row shows as its length.
  return fields.map((one) => (Array.isArray(one) ? one.length : one));
}
