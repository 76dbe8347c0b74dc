import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloudAddresses } from '../../shared/settings/clouds.ts';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { settingsTable } from '../../shared/settings/settings-table.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'setup.md'), 'utf8');

describe('docs/setup.md', () => {
  it('shows tenants that the app accepts', () => {
    const example = /```json\n([\s\S]*?)```/.exec(text)?.[1];
    const named = [...(example ?? '').matchAll(/Setting": "(\w+)"/g)].map(([, name]) => [name ?? '', 'a-secret-value']);
    const { tenants } = readSettings({
      ...Object.fromEntries(named),
      TENANTS: example,
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    });
    expect(tenants).toMatchObject([
      { name: 'Contoso', cloud: 'worldwide', credential: { kind: 'managed-identity' } },
      { name: 'Fabrikam', cloud: 'gcc', credential: { kind: 'client-secret' } },
    ]);
  });

  it('has the addresses of the clouds that the code has', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \| ([\w.-]+)[^|]*\| (login[\w.-]+) \|/gm)].map(
      ([, cloud, api, login]) => [cloud, `https://${api}`, `https://${login}`],
    );
    const wanted = Object.entries(cloudAddresses).map(([cloud, { managementApiUrl, authorityHost }]) => [
      cloud,
      managementApiUrl,
      authorityHost,
    ]);
    expect(rows).toEqual(wanted);
    for (const { assertionScope } of Object.values(cloudAddresses))
      expect(text).toContain(`\`${assertionScope.replace('/.default', '')}\``);
  });

  it('names only settings that there are', () => {
    const known = [...settingsTable.map(({ name }) => name), 'TENANTS_2', 'TENANTS_3'];
    const named = [...text.matchAll(/`([A-Z]+_[A-Z_0-9]+)`/g)].map(([, name]) => name);
    expect(named).toContain('MANAGED_IDENTITY_CLIENT_ID');
    expect(named.filter((name) => !known.includes(name ?? ''))).toEqual([]);
  });

  it('names only options that infra/register-app.sh has', () => {
    const help = execFileSync('bash', [join(root, 'infra', 'register-app.sh'), '--help'], { encoding: 'utf8' });
    const lines = text.split('\n').filter((line) => line.includes('infra/register-app.sh'));
    const options = lines.flatMap((line) => line.match(/--[a-z-]+/g) ?? []);
    expect(options).toContain('--managed-identity');
    for (const option of options) expect(help).toContain(`  ${option} `);
  });

  it('links only to files and headings that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link]) => link ?? '');
    for (const link of links) {
      const [path = '', heading] = link.split('#');
      const file = join(root, 'docs', path);
      expect(existsSync(file), link).toBe(true);
      if (heading) expect(readFileSync(file, 'utf8').toLowerCase()).toContain(`\n## ${heading}\n`);
    }
  });

  it('keeps to 220 lines', () => {
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(220);
  });
});
