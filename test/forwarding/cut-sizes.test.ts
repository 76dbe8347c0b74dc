import { describe, expect, it } from 'vitest';
import { cutDown, cutMarker } from '../../shared/forwarding/cut-down.ts';
import { oversizedRecord } from '../simulator/records/oversized-record.ts';

const limit = 250_000;
const megabyte = 1_000_000;

function cut(json: string, maxBytes = limit) {
  const result = cutDown(Buffer.from(json), maxBytes);
  expect(result.length).toBeLessThanOrEqual(maxBytes);
  return { bytes: result.length, text: result.toString(), read: JSON.parse(result.toString()) };
}

function times(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(',');
}

describe('cutDown of a record that is large', () => {
  it.each([1, 20])('in one string of %i MB', (megabytes) => {
    const record = oversizedRecord({ tenantId: 't', id: 'i', bytes: megabytes * megabyte, at: 0 });
    const { bytes, read } = cut(record.toString());
    expect(bytes).toBeGreaterThan(limit - 16);
    expect(read).toMatchObject({ Id: 'i', UserId: 'admin@example.org', ModifiedProperties: [] });
    expect(read[cutMarker].OriginalBytes).toBe(record.length);
    expect(read.ExtendedProperties[0].Value).toMatch(/…\[cut, \d+ bytes\]$/);
  });

  it('in an array of 100,000 small values', () => {
    const { bytes, read } = cut(`{"Id":"1","A":{"B":[[${times(100_000, (index) => `${index}`)}]]},"Z":[{"z":1}]}`);
    expect(bytes).toBeGreaterThan(limit - 10);
    expect(read.A.B[0]).toEqual(Array.from(read.A.B[0], (_, index) => index));
    expect(read.Z).toEqual([{ z: 1 }]);
  });

  it('in 100,000 members of its own, or of an object within', () => {
    const members = times(100_000, (index) => `"k${index}":${index}`);
    const own = cut(`{${members},"Id":"1"}`);
    expect(own.bytes).toBeGreaterThan(limit - 20);
    expect(own.read.Id).toBe('1');
    const { Id: _id, [cutMarker]: _marker, ...kept } = own.read;
    expect(Object.values(kept)).toEqual(Object.keys(kept).map((_, index) => index));
    expect(Object.keys(cut(`{"Id":"1","A":{${members}},"Z":0}`).read)).toEqual(['Id', 'A', 'Z', cutMarker]);
  });

  it('in members of many sizes: the last ones go, even if some would fit', () => {
    const members = times(5_000, (index) => `"k${index}":"${'v'.repeat((index * 37) % 200)}"`);
    const { Id: _id, [cutMarker]: _marker, ...kept } = cut(`{${members},"Id":"1"}`).read;
    const count = Object.keys(kept).length;
    expect(count).toBeGreaterThan(2_000);
    expect(Object.keys(kept).at(-1)).toBe(`k${count - 1}`);
  });

  it('in one array of several: the largest loses first', () => {
    const array = (count: number) => `[${times(count, () => '{"Name":"n","Value":1}')}]`;
    const { read } = cut(`{"Id":"1","A":${array(3_000)},"B":${array(900)},"C":${array(30_000)},"D":${array(10)}}`);
    expect([read.A.length, read.B.length, read.D.length]).toEqual([3_000, 900, 10]);
    expect(read.C.length).toBeGreaterThan(6_000);
  });

  it('in many elements of a few kilobytes: most are kept whole or dropped', () => {
    const element = `{"Name":"n","Values":[${times(1_000, (index) => `${index}`)}]}`;
    const { bytes, read } = cut(`{"Id":"1","A":[${times(1_000, () => element)}]}`);
    expect(bytes).toBeGreaterThan(limit - element.length - 2);
    expect(new Set(read.A.map((one: unknown) => JSON.stringify(one)))).toEqual(new Set([element]));
  });

  it('in one element in the middle: its neighbours stay', () => {
    const { read } = cut(`{"Id":"1","A":[1,{"Big":[${times(200_000, () => '[]')}]},2,3]}`);
    expect([read.A[0], read.A[2], read.A[3]]).toEqual([1, 2, 3]);
    expect(read.A[1].Big.length).toBeGreaterThan(80_000);
  });

  it('in a number or a name: that member goes, what stands behind it stays', () => {
    const { read, text } = cut(`{"Id":"1","N":${'9'.repeat(megabyte)},"${'k'.repeat(megabyte)}":1,"Z":[7],"S":"s"}`);
    expect(read).toEqual({ Id: '1', Z: [7], S: 's', [cutMarker]: expect.anything() });
    expect(text).toContain('"Z":[7],"S":"s"');
  });

  it('in its depth: hundreds of thousands of brackets', () => {
    const levels = 300_000;
    const deep = '['.repeat(levels) + ']'.repeat(levels);
    expect(cut(`{"Id":"1","A":${deep},"Z":1}`).read).toMatchObject({ Id: '1', A: [expect.any(Array)], Z: 1 });
    const objects = `${'{"a":'.repeat(levels)}"s"${'}'.repeat(levels)}`;
    expect(cut(`{"Id":"1","A":${objects},"Z":1}`).read).toMatchObject({ Id: '1', A: { a: expect.any(Object) }, Z: 1 });
  });

  it.each([1, 11, 12])('%i arrays down: what is small stays whole there too', (depth) => {
    const small = `[${times(30_000, () => '{}')}]`;
    const { text } = cut(`{"A":${'['.repeat(depth)}${small},[${times(200_000, () => '1')}]${']'.repeat(depth)}}`);
    expect(text.includes(`${small}${depth < 12 ? ',[1,1,' : ']'}`)).toBe(true);
  });

  it('in strings at the bottom of a deep nesting: they are cut there', () => {
    const depth = 20_000;
    const { text } = cut(`{"Id":"1","A":${'['.repeat(depth)}"${'s'.repeat(megabyte)}"${']'.repeat(depth)}}`);
    expect(text).toContain(`…[cut, ${megabyte} bytes]"${']'.repeat(depth)},`);
  });

  it('in what identifies it, many times over', () => {
    const { read } = cut(`{${times(50_000, (index) => `"Id":"${index}"`)},"Version":1}`, 1_024);
    expect(read).toMatchObject({ Id: '49999', Version: 1 });
  });

  it('in identifying names that are escaped so that even they do not fit', () => {
    const escaped = (name: string) => name.replace(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
    const names = ['CreationTime', 'OrganizationId', 'AppAccessContext', 'ResultStatus', 'RecordType', 'Operation'];
    const values = [...names, 'Workload', 'ObjectId', 'UserType', 'ClientIP', 'UserKey', 'Version', 'UserId', 'Scope'];
    expect(
      cut(`{${values.map((name) => `"${escaped(name)}":[${'1,'.repeat(12)}1]`).join(',')}}`, 1_024).read,
    ).toBeDefined();
  });
});
