import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecordSplitter } from '../../shared/forwarding/record-splitter.ts';
import { anyBody, anyChunking } from './bodies.ts';
import { split } from './splitting.ts';

const sample = '\ufeff [{"Id":"a\\"é😀","n":-1.5e3,"o":{"x":[1,[]]}},\r\n {"b":\n[true]} , "s", 12, null ]\n';

describe('a truncated body', () => {
  test('is known as incomplete wherever it ends behind its opening bracket, as empty before that', () => {
    const bytes = Buffer.from(sample);
    const opening = bytes.indexOf('[');
    const closing = bytes.lastIndexOf(']');
    const whole = split(bytes, [1_000]);
    expect(whole.failure).toBeUndefined();
    for (let length = 0; length <= closing; length++) {
      for (const sizes of [[1], [3], [1_000]]) {
        const { lines, failure } = split(bytes.subarray(0, length), sizes);
        expect(failure?.code, `${length}`).toBe(length <= opening ? 'content_malformed' : 'content_incomplete');
        if (length > opening) {
          expect(failure?.disposition).toBe('retry');
          expect(failure?.message).toContain(`after ${length} bytes and ${lines.length} whole records`);
        }
        expect(lines).toEqual(whole.lines.slice(0, lines.length));
      }
    }
  });

  test('of any array', () => {
    fc.assert(
      fc.property(anyBody, anyChunking, fc.double({ min: 0, max: 1, noNaN: true }), (body, sizes, part) => {
        const bytes = Buffer.from(body.text);
        const opening = bytes.indexOf('[');
        const length = opening + 1 + Math.floor((bytes.lastIndexOf(']') - opening - 1) * part);
        const { lines, failure } = split(bytes.subarray(0, length), sizes);
        expect(failure?.code).toBe('content_incomplete');
        expect(lines).toEqual(body.lines.slice(0, lines.length));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a malformed body is known as such, and where', () => {
  test.each([
    ['', 0],
    [' \r\n', 3],
    ['\ufeff', 3],
    ['{"error":{"code":"AF20055"}}', 0],
    ['<!DOCTYPE html>', 0],
    ['"[]"', 0],
    ['null', 0],
    [' \ufeff[]', 1],
    ['\ufeff\ufeff[]', 3],
    [']', 0],
    ['[1 2]', 3],
    ['[1\n2]', 3],
    ['[1"a"]', 2],
    ['["a""b"]', 4],
    ['[{}{}]', 3],
    ['[{}x]', 3],
    ['[,]', 1],
    ['[1,]', 3],
    ['[1,,2]', 3],
    ['[,1]', 1],
    ['[}]', 1],
    ['[:]', 1],
    ['[abc]', 1],
    ['[\u00e9]', 1],
    ['[tr ue]', 4],
    ['[1}', 2],
    ['[1]]', 3],
    ['[1],', 3],
    ['[1][2]', 3],
    ['[]\0', 2],
    ['["a\nb"]', 3],
    ['["a\rb"]', 3],
    ['["a\\\nb"]', 4],
    ['[{"a":"\n"}]', 7],
    ['[{"a":1\n2}]', 8],
    ['[{"a":1\r\n\n2}]', 10],
    ['[[tr\nue]]', 5],
    ['[[-\n1]]', 4],
  ])('%j, byte %i', (text, offset) => {
    for (const sizes of [[1], [2], [3], [1_000]]) {
      const { failure } = split(text, sizes);
      expect(failure?.code).toBe('content_malformed');
      expect(failure?.message).toContain(`(byte ${offset})`);
    }
  });

  test.each([
    [[0xef, 0x5b, 0x5d], 1],
    [[0xef, 0xbb, 0x5b, 0x5d], 2],
    [[0xef, 0xbb, 0x20, 0xbf, 0x5b, 0x5d], 2],
    [[0xbb, 0xbf, 0x5b, 0x5d], 0],
    [[0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00], 0],
  ])('a mark that is none, %j', (bytes, offset) => {
    const { failure } = split(Uint8Array.from(bytes), [1]);
    expect(failure).toMatchObject({ code: 'content_malformed', message: expect.stringContaining(`(byte ${offset})`) });
  });

  test('with no more of it in the message than one byte, and that readable', () => {
    expect(split('[{"secret":1} \u0007secret]', [64]).failure?.message).toContain('0x07 behind a record');
    for (const text of ['{"secret":1}', '[{"secret":1} secret]', '["secret\n"]', '[secret]', '[]secret'])
      expect(split(text, [64]).failure?.message).not.toContain('secret');
  });

  test('and nothing comes out behind the fault', () => {
    const splitter = createRecordSplitter();
    const { ends, failure } = splitter.push(Buffer.from('[1,2,,3,4]'));
    expect(ends).toHaveLength(2);
    expect(splitter.push(Buffer.from('[5,6]'))).toMatchObject({ ends: [], failure });
    expect(splitter.end()).toBe(failure);
    expect(createRecordSplitter().push(Buffer.from('[1,"a\nb"]')).bytes.toString()).toBe('1\n"a');
  });
});

describe('a damaged body', () => {
  const damage = fc.record({
    at: fc.nat(),
    remove: fc.integer({ min: 0, max: 3 }),
    insert: fc.string({
      unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', '\n', '\r', ' ', '1', '-', 't', '\0'),
      maxLength: 2,
    }),
  });

  test('never becomes valid, never loses or invents a record, wherever its chunks end', () => {
    let valid = 0;
    let invalid = 0;
    fc.assert(
      fc.property(anyBody, damage, anyChunking, (body, { at, remove, insert }, sizes) => {
        const index = at % (body.text.length + 1);
        const text = Buffer.from(body.text.slice(0, index) + insert + body.text.slice(index + remove)).toString();
        const found = split(text, sizes);
        expect(found).toEqual(split(text, [1]));
        const expected = parsed(text.replace(/^\ufeff/, ''));
        if (Array.isArray(expected)) {
          valid++;
          expect(found.failure).toBeUndefined();
          expect(found.lines.map((line) => JSON.parse(line))).toEqual(expected);
        } else {
          invalid++;
          const accepted = found.failure === undefined && found.lines.every((line) => parsed(line) !== undefined);
          expect(accepted).toBe(false);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(Math.min(valid, invalid)).toBeGreaterThan(100);
  });

  function parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
});
