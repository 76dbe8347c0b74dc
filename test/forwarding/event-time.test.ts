import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTimeOf } from '../../shared/forwarding/event-time.ts';

const at = Date.parse('2026-11-20T09:58:07Z');
const time = '2026-11-20T09:58:07';
const found = (record: string) => eventTimeOf(Buffer.from(record));

describe('the time of an event', () => {
  it.each([
    ['at the beginning', `{"CreationTime":"${time}","Id":"a"}`],
    ['at the end, as UTC', `{"Id":"a","CreationTime":"${time}Z"}`],
    ['with white space', `{ "Id" : 1 ,\r\n\t"CreationTime" :\n "${time}" }`],
    [
      'behind one that is nested',
      `{"Item":{"CreationTime":"2001-01-01T00:00:00"},"List":[{"CreationTime":"x"}],"CreationTime":"${time}"}`,
    ],
    ['behind a value of that name', `{"Operation":"CreationTime","CreationTime":"${time}"}`],
    [
      'behind JSON within a text',
      `{"Data":"{\\"CreationTime\\":\\"2001-01-01T00:00:00\\"}\\\\","CreationTime":"${time}"}`,
    ],
  ])('is found %s', (_, record) => {
    expect(found(record)).toBe(at);
  });

  it('is found to the fraction of a second', () => {
    expect(found(`{"CreationTime":"${time}.1234567Z"}`)).toBe(at + 123);
  });

  it.each([
    ['there is none', '{"Id":"a"}'],
    ['it is nested alone', `{"Item":{"CreationTime":"${time}"}}`],
    ['it is no text', '{"CreationTime":1763632687}'],
    ['it is no time', '{"CreationTime":"yesterday"}'],
    ['it is in another zone', `{"CreationTime":"${time}+02:00"}`],
    ['the day does not exist', '{"CreationTime":"2026-13-40T09:58:07"}'],
    ['the record is no object', `["CreationTime","${time}"]`],
    ['the record is cut off', `{"CreationTime":"${time}`],
    ['a text never ends', '{"Id":"a\\"'],
    ['it stands too far behind', `{"Long":[${'1,'.repeat(20_000)}1],"CreationTime":"${time}"}`],
    ['there is nothing', ''],
  ])('is left out when %s', (_, record) => {
    expect(found(record)).toBeUndefined();
  });

  it('is what JSON.parse would find, in any object', () => {
    const dates = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    const stamp = dates.map((date) => date.toISOString());
    const keys = fc.oneof(fc.string(), fc.constantFrom('CreationTime', 'creationTime', 'CreationTime\\', '"'));
    const values = fc.oneof(fc.jsonValue(), stamp, fc.dictionary(fc.constant('CreationTime'), stamp));
    fc.assert(
      fc.property(
        fc.dictionary(keys, values, { noNullPrototype: true }),
        fc.option(stamp),
        fc.nat(3),
        (rest, own, indent) => {
          const record = { ...rest, ...(own !== null && { CreationTime: own }) };
          if (own === null) Reflect.deleteProperty(record, 'CreationTime');
          expect(found(JSON.stringify(record, undefined, indent))).toBe(own === null ? undefined : Date.parse(own));
        },
      ),
    );
  });
});
