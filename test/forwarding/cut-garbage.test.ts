import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutDown, cutMarker } from '../../shared/forwarding/cut-down.ts';
import { scanObject } from '../../shared/forwarding/cut-scan.ts';

const limit = 1_024;

function read(record: Buffer, maxBytes = limit) {
  const cut = cutDown(record, maxBytes);
  expect(cut.length).toBeLessThanOrEqual(maxBytes);
  expect(cut.includes('\n') || cut.includes('\r')).toBe(false);
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(cut));
}

function isObject(json: string): boolean {
  try {
    return /^\s*\{/.test(json) && JSON.parse(json) !== undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

describe('cutDown of what is no object', () => {
  it.each([
    ['an array', `[${'"é",'.repeat(900)}1]`],
    ['a string', `"${'\\"\\u20ac€'.repeat(900)}"`],
    ['a number', '7'.repeat(2_000)],
    ['a truncated object', `{"Id":"1","Data":"${'\\\\'.repeat(900)}`],
    ['an object and more', `{"Data":"${'d'.repeat(2_000)}"}{}`],
    ['a web page', `<html>\r\n${'<p class="x">\t</p>\n'.repeat(100)}`],
    ['control characters', '\0\x1f\x7f'.repeat(700)],
    ['white space', ' '.repeat(2_000)],
  ])('sends the beginning of %s', (_, record) => {
    const bytes = Buffer.from(record);
    const { raw, ...others } = read(bytes);
    const [head, ...mark] = raw.split(/(?=…\[cut, )/);
    expect(record.startsWith(head)).toBe(true);
    expect(head.length).toBeGreaterThan(140);
    expect(mark).toEqual([`…[cut, ${bytes.length} bytes]`]);
    expect(others).toEqual({ [cutMarker]: { By: 'm365-audit-collector', OriginalBytes: bytes.length } });
  });

  it('never throws, whatever the bytes', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u',
      '"Id":',
      '"a"',
      '1',
      '-',
      'e',
      'true',
      ' ',
      '\n',
      '😀',
    ];
    const bytes = fc.array(
      fc.oneof(
        fc.constantFrom(...pieces).map((piece) => Buffer.from(piece)),
        fc.uint8Array(),
      ),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(bytes, fc.boolean(), (parts, within) => {
        const some = Buffer.concat([...parts, Buffer.from(' ')]);
        const many = Array.from({ length: Math.ceil(2_000 / some.length) }, () => some);
        const record = Buffer.concat(within ? [Buffer.from('{"Data":"'), ...many, Buffer.from('"}')] : many);
        expect(read(record)[cutMarker].OriginalBytes).toBe(record.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('replaces bytes that are no UTF-8, and keeps the rest of the object', () => {
    const data = Buffer.concat([Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80, 0xff]), Buffer.alloc(2_000, 'é')]);
    const record = Buffer.concat([Buffer.from('{"Id":"1","Data":"'), data, Buffer.from('","Z":[1]}')]);
    expect(read(record)).toMatchObject({
      Id: '1',
      Z: [1],
      Data: expect.stringMatching(/^\ufffd\(\ufffd+é+…\[cut, \d+ bytes\]$/),
    });
  });
});

describe('scanObject', () => {
  it('takes for an object what JSON.parse takes for one', () => {
    const value = fc.oneof(fc.jsonValue(), fc.jsonValue({ noUnicodeString: false }));
    const written = fc.tuple(fc.dictionary(fc.string(), value), fc.constantFrom(undefined, 1, '\r\n\t'));
    const json = written.map(([of, space]) => JSON.stringify(of, null, space));
    const damage = fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.constantFrom(...'{}[]",:\\u0e+-.tx \n\0'));
    fc.assert(
      fc.property(json, fc.option(damage), (whole, damaged) => {
        const [at, removed, added] = damaged ?? [0, 0, ''];
        const index = at % (whole.length + 1);
        const text = Buffer.from(whole.slice(0, index) + added + whole.slice(index + removed)).toString();
        expect(scanObject(Buffer.from(text), 0) !== undefined).toBe(isObject(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ...['{"a":01}', '{"a":-}', '{"a":1.}', '{"a":.5}', '{"a":1e}', '{"a":+1}', '{"a":1e+}', '{"a":nul}', '{"a":nulll}'],
    ...[
      '{"a":"\\x"}',
      '{"a":"\\u12G4"}',
      '{"a":"\t"}',
      '{"a"}',
      '{"a":}',
      '{,}',
      '{"a":1,}',
      '{"a":[1,]}',
      '{"a":[,]}',
    ],
    ...[
      '{"a":[}]',
      '{"a":{]}',
      '{"a" 1}',
      '{1:2}',
      '{"a":1 2}',
      '{"a":tru e}',
      '{}}',
      '{}{}',
      '1],[{}',
      '[{}',
      '{',
      '',
      ' ',
      '\ufeff{}',
    ],
    ...['{"a":-0.5e-10,"b":[0,-0,1E+2],"c":{"":[[],{}]}}', ' {} ', '{"a":"\\ud800\\"\\/\\b\x7f\u2028"}', '{"a":[]}\n'],
  ])('agrees with JSON.parse about %j', (json) => {
    expect(scanObject(Buffer.from(json), 0) !== undefined).toBe(isObject(json));
  });
});
