import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecordSplitter } from '../../shared/forwarding/record-splitter.ts';
import { anyBody, anyChunking } from './bodies.ts';
import { split } from './splitting.ts';

describe('every record of an array comes out as one line', () => {
  test('its own bytes without line breaks between tokens, for any values, white space, mark and chunks', () => {
    fc.assert(
      fc.property(anyBody, anyChunking, (body, sizes) => {
        expect(split(body.text, sizes)).toEqual({ lines: body.lines, failure: undefined });
      }),
      { numRuns: 2_000 },
    );
  });

  test('as a JSON parser reads them, compact and pretty-printed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ stringUnit: 'binary' })),
        fc.constantFrom(0, 2, '\t'),
        fc.constantFrom('\n', '\r\n'),
        anyChunking,
        (values, indent, lineBreak, sizes) => {
          const text = JSON.stringify(values, null, indent).replaceAll('\n', lineBreak);
          const { lines, failure } = split(text, sizes);
          expect(failure).toBeUndefined();
          expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(text));
          if (indent === 0) expect(lines).toEqual(values.map((value) => JSON.stringify(value)));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('with bytes that are not UTF-8 left as they are', () => {
    const body = Buffer.from([...Buffer.from('[{"a":"'), 0xff, 0xc3, 0x80, 0xed, 0xa0, ...Buffer.from('"},2]')]);
    const splitter = createRecordSplitter();
    const { bytes } = splitter.push(Buffer.from(body));
    expect(splitter.end()).toBeUndefined();
    expect([...bytes]).toEqual([...body.subarray(1, -3), 0x0a, 0x32, 0x0a]);
  });

  test('nested deeper than a call stack goes', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(split(`[${deep},1]`, [65_536]).lines).toEqual([deep, '1']);
  });

  test.each(['[]', ' [ ] ', '\ufeff[\r\n]\n', '\ufeff\n[]'])('none of the empty array %j', (text) => {
    expect(split(text, [1])).toEqual({ lines: [], failure: undefined });
  });
});

describe('nothing is copied', () => {
  test('of a compact array: a chunk goes out as one view into itself', () => {
    const chunk = Buffer.from('[{"a":1},{"b":[2]},"c"]');
    const { bytes, ends } = createRecordSplitter().push(chunk);
    expect(bytes.buffer).toBe(chunk.buffer);
    expect(bytes.byteOffset).toBe(chunk.byteOffset + 1);
    expect(bytes.toString()).toBe('{"a":1}\n{"b":[2]}\n"c"\n');
    expect(ends).toEqual([8, 18, 22]);
  });

  test('of other arrays: bytes move up within their chunk', () => {
    const chunk = Buffer.from('[ {"a":\r\n1} ,\n{"b":[\n2\n]}\n]');
    const { bytes, ends } = createRecordSplitter().push(chunk);
    expect(bytes.buffer).toBe(chunk.buffer);
    expect(bytes.toString()).toBe('{"a":1}\n{"b":[2]}\n');
    expect(ends).toEqual([8, 18]);
  });

  test('outside of the chunk, whatever else its memory holds', () => {
    const memory = Buffer.from('xxxx[1 ,2]yyyy');
    createRecordSplitter().push(memory.subarray(4, 10));
    expect(memory.subarray(0, 4).toString() + memory.subarray(10).toString()).toBe('xxxxyyyy');
  });
});
