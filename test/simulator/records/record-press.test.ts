import { describe, expect, test } from 'vitest';
import { contentTypes } from '../content-types.ts';
import { oversizedRecord } from './oversized-record.ts';
import { createRecordPress, type RecordOrder } from './record-press.ts';

const tenantId = '11111111-1111-4111-a111-111111111111';
const press = createRecordPress(3);

function order(changes: Partial<RecordOrder> = {}): RecordOrder {
  return {
    contentType: 'Audit.General',
    tenantId,
    organization: 'contoso0042',
    seed: 7,
    content: 1,
    createdAt: Date.parse('2026-11-22T15:15:00Z'),
    count: 2_000,
    ...changes,
  };
}

describe('generated audit records', () => {
  test.each(contentTypes)('of %s are JSON objects on one line that name what every record names', (contentType) => {
    for (const record of press.records(order({ contentType }))) {
      const value = JSON.parse(record.toString()) as Record<string, unknown>;
      expect(value).toMatchObject({ OrganizationId: tenantId, Version: 1 });
      expect(value['CreationTime']).toMatch(/^2026-11-22T1[34]:\d\d:\d\d$/);
      for (const key of ['Id', 'Operation', 'UserId', 'UserKey', 'Workload']) expect(value[key]).toBeTypeOf('string');
      for (const key of ['RecordType', 'UserType']) expect(value[key]).toBeTypeOf('number');
      expect(record.toString()).not.toMatch(/\n|[GIOT]{8}|YYYY/);
      expect(record.length).toBeGreaterThan(500);
      expect(record.length).toBeLessThan(21_000);
    }
  });

  test('are the same for the same order, and unique within a tenant', () => {
    const ids = new Set<unknown>();
    for (const content of [1, 2, 3]) {
      const first = [...press.records(order({ content }))];
      expect([...press.records(order({ content }))]).toEqual(first);
      for (const record of first) ids.add((JSON.parse(record.toString()) as { Id: string }).Id);
    }
    expect(ids.size).toBe(6_000);
  });

  test('hold what decoding and writing again would change', () => {
    const text = contentTypes.flatMap((contentType) => [...press.records(order({ contentType }))]).join('\n');
    const treasures = [
      '18446744073709551615',
      ':1.0',
      ':1e5',
      String.raw`\uD83D\uDC69`,
      String.raw`half \ud83d pair`,
      '\u2028',
      String.raw`https:\/\/`,
      String.raw`\\\\server\\share\\`,
      '🚀',
      '会議資料',
      String.raw`\u0000`,
    ];
    for (const treasure of treasures) expect(text).toContain(treasure);
    const changed = text.split('\n').filter((line) => JSON.stringify(JSON.parse(line)) !== line);
    expect(changed.length).toBeGreaterThan(1_000);
  });

  test('of Audit.General include those of Defender for Office 365', () => {
    const types = new Set(
      [...press.records(order())].map((record) => (JSON.parse(record.toString()) as { RecordType: number }).RecordType),
    );
    expect([...types].sort((a, b) => a - b)).toEqual([20, 25, 28, 41, 47, 64]);
  });

  test('can be larger than a destination takes', () => {
    const record = oversizedRecord({ tenantId, id: 'one', bytes: 300_000, at: 0 });
    expect(record.length).toBeGreaterThan(300_000);
    expect(JSON.parse(record.toString())).toMatchObject({ Id: 'one', CreationTime: '1970-01-01T00:00:00' });
  });
});
