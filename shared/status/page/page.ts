import {
  mostDetailed,
  type StateWord,
  type Status,
  stateWords,
  type TenantStatus,
  type TypeStatus,
} from '../status.ts';
import { Html, html } from './html.ts';
import { numberText, timeText } from './numbers.ts';
import { styles } from './styles.ts';
import { typeCard, verdictText } from './type-card.ts';

const refreshSeconds = 60;

const inWords: Readonly<Record<StateWord, string>> = {
  ok: 'Everything that Microsoft lists arrives.',
  quiet: 'Nothing was created lately, or nothing has been listed yet.',
  behind: 'Some contents wait for longer than they should.',
  paused: 'Work waits for a service, or for somebody, and goes on by itself after that.',
  broken: 'Somebody has to act.',
};

/** Where the page stands. */
export interface PageAddress {
  /** It renews itself every minute, as on a wall; not by itself, for that takes away what somebody is reading. */
  readonly renewing: boolean;
  /** An address like this one, of one tenant or renewing or both, with what opens it. */
  linkTo(changes: { readonly tenant?: string; readonly renewing?: boolean }): string;
}

/** The status for people: one page without script and without anything from elsewhere. */
export function statusPage(status: Status, { renewing, linkTo }: PageAddress): string {
  const { tenants, state, generatedAt } = status;
  const body =
    tenants.length > mostDetailed
      ? html`${overview(tenants, (tenant) => linkTo({ tenant }))}`
      : tenants.map((tenant) => tenantSection(tenant));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${renewing ? html`<meta http-equiv="refresh" content="${refreshSeconds}">` : undefined}<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<title>${state}: Microsoft 365 audit log</title><style>${new Html(styles)}</style></head><body>
<header><h1>Microsoft 365 audit log</h1><small>As of ${timeText(generatedAt)}. <a href="${linkTo({ renewing: !renewing })}">${renewing ? 'Stop renewing it' : 'Renew it every minute'}</a></small></header>
<main><p class="overall"><span class="word ${state}">${state}</span></p><p>${inWords[state]}</p>
${leftOutSection(status)}${body}</main>
<footer><small>Hours and times are UTC. The same as JSON: ask with Accept: application/json.</small></footer></body></html>`
    .text;
}

function leftOutSection({ leftOut }: Status): Html | undefined {
  if (leftOut.length === 0) return undefined;
  return html`<section class="tenant" aria-label="Tenants left out"><div class="head"><h2>Left out</h2><span class="word broken">broken</span></div>
${leftOut.map(
  ({ where, name, tenantId, problems }) =>
    html`<p><strong>${name ?? tenantId ?? where}</strong> is not collected: its settings are wrong.</p>${problems.map((line) => html`<p class="soft">${line}</p>`)}`,
)}</section>`;
}

function tenantSection(tenant: TenantStatus): Html {
  const id = `t-${tenant.tenantId}`;
  const common = commonVerdict(tenant);
  return html`<section class="tenant" aria-labelledby="${id}"><div class="head"><h2 id="${id}">${tenant.tenant}</h2><span class="word ${tenant.state}">${tenant.state}</span>
<small>to ${tenant.destination}</small></div>${common && html`<div class="common">${verdictText(common)}</div>`}
<div class="types">${tenant.types.map((type) => typeCard(type, common === undefined))}</div></section>`;
}

/** What all content types of a tenant have to say alike, such as a login that is refused, is said once. */
function commonVerdict({ types }: TenantStatus): TypeStatus | undefined {
  const [first] = types;
  const alike = types.every(({ sentence, remedy }) => sentence === first?.sentence && remedy === first?.remedy);
  return types.length > 1 && alike ? first : undefined;
}

function overview(tenants: readonly TenantStatus[], linkTo: (tenantId: string) => string): Html {
  const worstFirst = [...tenants].sort((one, other) => stateWords.indexOf(other.state) - stateWords.indexOf(one.state));
  const rows = worstFirst.map(({ tenant, tenantId, state, types }) => {
    const sum = (pick: (type: (typeof types)[number]) => number) =>
      numberText(types.reduce((total, type) => total + pick(type), 0));
    const worst = types.find((type) => type.state === state);
    return html`<tr><th scope="row"><a href="${linkTo(tenantId)}">${tenant}</a></th><td class="state"><span class="word ${state}">${state}</span></td>
<td data-label="listed in 7 days">${sum(({ sums }) => sums.listed)}</td><td data-label="open">${sum(({ open }) => open.contents)}</td><td data-label="set aside">${sum(({ quarantined }) => quarantined.contents)}</td>
<td>${state === 'ok' ? '' : `${worst?.contentType}: ${worst?.sentence}`}</td></tr>`;
  });
  return html`<section class="tenant" aria-label="All tenants"><div class="scroll"><table class="overview"><thead><tr><th scope="col">tenant</th><th scope="col" class="state">state</th>
<th scope="col">listed in 7 days</th><th scope="col">open</th><th scope="col">set aside</th><th scope="col">what there is to say</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
