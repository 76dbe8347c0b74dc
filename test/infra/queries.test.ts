import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEventTypes } from '../telemetry/event-fields.ts';
import { createQueryAnalysis } from './kusto.ts';
import { eventsIn, infra, loadedBy, readQueries, wrongNames } from './queries.ts';

const queries = readQueries();
const types = readEventTypes();
const analyse = createQueryAnalysis();
const workbook = readFileSync(join(infra, 'workbook.json'), 'utf8');
const alerts = readFileSync(join(infra, 'alerts.bicep'), 'utf8');
const ofAlerts = queries.filter(({ path }) => path.startsWith('queries/alert-'));
const ofWorkbook = queries.filter((query) => !ofAlerts.includes(query));
const paths = (list: typeof queries) => list.map(({ path }) => path).sort();

describe.each(queries)('$path', ({ text }) => {
  it('says on top what it shows, and begins with a table', () => {
    expect(text).toMatch(/^(\/\/ .{20,}\n)+(traces|requests)\n\| /);
  });

  it('is a query without any fault of syntax or meaning', () => {
    expect(analyse(text)).toEqual([]);
  });

  it('looks for events and fields that there are', () => {
    expect(wrongNames(text, types)).toEqual([]);
    if (/^traces$/m.test(text)) expect(text).toContain('| extend e = parse_json(message)\n');
  });
});

describe('the check of queries', () => {
  const start = 'traces\n| extend e = parse_json(message)\n';

  it('finds a wrong field, and one of another event', () => {
    const sums = `${start}| where e.event == "forwarding.sums"\n`;
    expect(wrongNames(`${sums}| project e.contents, e.runId`, types)).toEqual([]);
    expect(wrongNames(`${sums}| project e.content`, types)).toEqual(['forwarding.sums has no field content']);
    expect(wrongNames(`${sums}| project e["pages"]`, types)).toEqual(['forwarding.sums has no field pages']);
    expect(wrongNames(`${start}| project e.nothing`, types)).toEqual(['no event has no field nothing']);
  });

  it('finds a wrong event', () => {
    expect(wrongNames(`${start}| where e.event in ("pause.began", "pause.stopped")`, types)).toEqual([
      'there is no event pause.stopped',
    ]);
  });

  it('finds a wrong column, a wrong type and broken syntax', () => {
    expect(analyse(`${start}| project tostring(e.contents)`)).toEqual([]);
    for (const wrong of ['| project mesage', '| where timestamp > "x" + 1', '| summarize by by', '| foo'])
      expect([wrong, analyse(`${start}${wrong}`).length > 0]).toEqual([wrong, true]);
  });
});

describe('infra/alerts.bicep', () => {
  it('has a rule for each alert query, once', () => {
    expect(loadedBy('alerts.bicep').sort()).toEqual(paths(ofAlerts));
  });

  it('says in each rule what to do, and where more of it stands', () => {
    const rules = [
      ...alerts.matchAll(/name: '([\w-]+)'\n\s+title: '(.*)'\n\s+description: '(.*)'\n\s+severity: (\d)/g),
    ];
    expect(rules).toHaveLength(ofAlerts.length);
    for (const [, name = '', title = '', description = ''] of rules) {
      expect(title.length).toBeGreaterThan(10);
      expect(description).toMatch(new RegExp(`^.{60,} docs/operations\\.md#${name}$`));
    }
  });

  it('splits by a column that the queries of its rules have', () => {
    const rules = alerts.split(/\n {2}\{\n/).slice(1);
    expect(rules).toHaveLength(ofAlerts.length);
    for (const rule of rules) {
      const path = /loadTextContent\('([^']+)'\)/.exec(rule)?.[1];
      const query = queries.find((each) => each.path === path)?.text ?? '';
      expect([path, rule.includes('byTenant: true')]).toEqual([path, /\bTenant = /.test(query)]);
    }
  });

  it('uses windows and frequencies that there are, and none longer than an alert can see', () => {
    // Source: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule: two days at most.
    const windows = [
      'PT5M',
      'PT10M',
      'PT15M',
      'PT30M',
      'PT45M',
      'PT1H',
      'PT2H',
      'PT3H',
      'PT4H',
      'PT5H',
      'PT6H',
      'P1D',
      'P2D',
    ];
    for (const [, value = ''] of alerts.matchAll(/(?:window|every): '([^']+)'/g)) expect(windows).toContain(value);
    for (const { text } of ofAlerts) expect(text).not.toMatch(/\bago\(|^let |\btake\b|\blimit\b|\bunion\b/m);
  });

  it('covers every event that stands for something lost or stopped', () => {
    const covered = new Set(ofAlerts.flatMap(({ text }) => eventsIn(text)));
    const named = ['listing.silent', 'listing.interval_lost', 'hour.unbalanced', 'content.settled', 'backlog.counted'];
    named.push('pause.lasting', 'pause.began', 'credential.expiring', 'message.given_up', 'tenant.left_out');
    expect([...covered].sort()).toEqual(named.sort());
  });
});

describe('infra/workbook.json', () => {
  it('is a workbook that shows each query once', () => {
    const { version, items } = JSON.parse(workbook) as { version: string; items: { type: number; name: string }[] };
    expect(version).toBe('Notebook/1.0');
    expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
    const shown = [...workbook.matchAll(/"query": "([^"]+)"/g)].map(([, path = '']) => path);
    expect(shown.sort()).toEqual(paths(ofWorkbook));
  });

  it('is still JSON with the queries in place of their paths, as workbook.bicep puts them there', () => {
    expect(loadedBy('workbook.bicep').sort()).toEqual([...paths(ofWorkbook), 'workbook.json'].sort());
    const source = readFileSync(join(infra, 'workbook.bicep'), 'utf8');
    for (const { path } of ofWorkbook) expect(source).toContain(`'${path}': loadTextContent('${path}')`);
    const filled = ofWorkbook.reduce(
      (text, query) => text.replaceAll(`"${query.path}"`, JSON.stringify([query.text]).slice(1, -1)),
      workbook,
    );
    const { items } = JSON.parse(filled) as { items: { name: string; content: { query?: string } }[] };
    for (const { path, text } of ofWorkbook) {
      if (path === 'queries/tenants.kql') continue;
      expect(items.filter(({ content }) => content.query === text).map(({ name }) => `queries/${name}.kql`)).toEqual([
        path,
      ]);
    }
  });

  it('sets every parameter that a query uses', () => {
    const names = [...workbook.matchAll(/"name": "(\w+)",\s+"label"/g)].map(([, name = '']) => name);
    expect(names).toEqual(['TimeRange', 'Tenant']);
    for (const { text } of queries) for (const [, name] of text.matchAll(/\{(\w+)\}/g)) expect(names).toContain(name);
    for (const { text } of ofAlerts) expect(text).not.toContain('{');
  });
});

describe('infra', () => {
  it('loads only files that there are', () => {
    const bicep = readdirSync(infra).filter((file) => file.endsWith('.bicep'));
    for (const file of bicep)
      for (const path of loadedBy(file))
        expect([file, path, existsSync(join(infra, path))]).toEqual([file, path, true]);
  });
});
