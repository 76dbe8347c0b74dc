import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../shared/status/page/html.ts';
import { statusPage } from '../../shared/status/page/page.ts';
import { contentSecurityPolicy } from '../../shared/status/page/styles.ts';
import { aStatus, aType } from './pages.ts';

const address = { renewing: false, linkTo: ({ tenant = '' }) => `?tenant=${tenant}` };
const nasty = `<img src=x onerror="alert(1)"> & ' " </style><script>`;

describe('the page', () => {
  it('escapes whatever comes from settings, services or the ledger', () => {
    const type = aType({
      contentType: nasty,
      sentence: nasty,
      remedy: nasty,
      quarantined: { ...aType().quarantined, contents: 1, codes: { [nasty]: 1 } },
      pauses: [{ gate: nasty, since: nasty, until: nasty, code: 'api_throttled', message: nasty, remedy: nasty }],
      lost: [{ from: nasty, to: nasty }],
    });
    const status = aStatus([type], {
      leftOut: [{ where: nasty, tenantId: undefined, name: nasty, problems: [nasty] }],
    });
    const [tenant] = status.tenants;
    const page = statusPage(
      { ...status, tenants: tenant ? [{ ...tenant, tenant: nasty, destination: nasty }] : [] },
      address,
    );
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<script');
    expect(page).not.toContain('onerror="');
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  it('tells when a pause is tried again, and that one by hand is not', () => {
    const [since, until] = ['2026-11-20T09:00:00.000Z', '2026-11-20T10:01:00.000Z'];
    const pause = { gate: 'tenant', since, until, code: 'api_throttled', message: 'm', remedy: 'r' } as const;
    const byHand = { ...pause, gate: 'hand', until: '9999-12-31T23:59:59.000Z', code: 'paused_by_hand' } as const;
    const page = statusPage(aStatus([aType({ pauses: [pause, byHand] })]), address);
    expect(page).toContain('tried again 2026-11-20 10:01 UTC');
    expect(page).toContain('until it is resumed');
    expect(page).not.toContain('9999');
  });

  it('escapes any text in any place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = html`<p title="${text}">${[text]}</p>`.text;
        const inner = written.slice('<p title="'.length, -'</p>'.length);
        expect(inner.replace('">', '')).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('has one style sheet, which is the one that its policy allows, and nothing from elsewhere', () => {
    const page = statusPage(aStatus([aType()]), address);
    const sheet = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    expect(contentSecurityPolicy).toContain(`'sha256-${createHash('sha256').update(sheet).digest('base64')}'`);
    expect(page).not.toMatch(/\s(style|src|on\w+)=/);
    expect(page).not.toMatch(/url\(|@import|https?:\/\//);
  });

  it('renews itself only where that was asked for', () => {
    const renewed = /<meta http-equiv="refresh" content="60">/;
    expect(statusPage(aStatus([aType()]), address)).not.toMatch(renewed);
    expect(statusPage(aStatus([aType()]), { ...address, renewing: true })).toMatch(renewed);
  });

  it('of many tenants is an overview that leads to each of them', () => {
    const types = Array.from({ length: 9 }, (_, index) =>
      aType(index === 4 ? { state: 'broken', sentence: 'The client secret has expired.' } : {}),
    );
    const page = statusPage(aStatus(types, { state: 'broken' }), address);
    expect(page.match(/<a href="\?tenant=0/g)).toHaveLength(9);
    expect(page).toContain('Audit.Exchange: The client secret has expired.');
    expect(page).not.toContain('<article');
  });
});
