import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { findSetting, settingsTable } from '../../shared/settings/settings-table.ts';

interface LocalSettings {
  readonly IsEncrypted: boolean;
  readonly Values: Record<string, string>;
}

/** Settings of the Functions host and runtime that the product does not read. */
const hostSettings = ['FUNCTIONS_WORKER_RUNTIME'];

describe('local.settings.sample.json', () => {
  const file = new URL('../../local.settings.sample.json', import.meta.url);
  const sample: LocalSettings = JSON.parse(readFileSync(file, 'utf8'));

  it('is what Core Tools read: plain, with texts for values', () => {
    expect(Object.keys(sample)).toEqual(['IsEncrypted', 'Values']);
    expect(sample.IsEncrypted).toBe(false);
    expect(sample.Values['FUNCTIONS_WORKER_RUNTIME']).toBe('node');
    for (const value of Object.values(sample.Values)) expect(value).toBeTypeOf('string');
  });

  it('is accepted as it is', () => {
    expect(readSettings(sample.Values).tenants).toHaveLength(1);
  });

  it('names no setting that is unknown', () => {
    const names = Object.keys(sample.Values).filter((name) => !hostSettings.includes(name));
    expect(names.filter((name) => findSetting(name) === undefined)).toEqual([]);
  });
});

describe('the settings table', () => {
  it('names each setting once and says what it is when it is missing', () => {
    expect(new Set(settingsTable.map((entry) => entry.name)).size).toBe(settingsTable.length);
    for (const entry of settingsTable) {
      expect(entry.default ?? entry.whenMissing, entry.name).toBeTruthy();
      expect(entry.meaning, entry.name).toMatch(/^[^\n|]+[^.\n|]$/);
    }
  });

  it('holds every setting that is read', () => {
    const asked = new Set<string>();
    const empty: Record<string, string | undefined> = {};
    const environment = new Proxy(empty, {
      getOwnPropertyDescriptor(_, name) {
        asked.add(String(name));
        return undefined;
      },
    });
    expect(() => readSettings(environment)).toThrow();
    expect([...asked].filter((name) => findSetting(name) === undefined)).toEqual([]);
    expect(settingsTable.map((entry) => entry.name).filter((name) => name !== 'TENANTS' && !asked.has(name))).toEqual(
      [],
    );
  });

  it('knows the further lists of tenants', () => {
    expect(findSetting('TENANTS_2')?.name).toBe('TENANTS');
    expect(findSetting('TENANTS_31')?.name).toBe('TENANTS');
    expect(findSetting('TENANTS_1')).toBeUndefined();
    expect(findSetting('TENANTS_02')).toBeUndefined();
  });
});
