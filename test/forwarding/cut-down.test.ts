import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutDown, cutMarker, identifyingNames } from '../../shared/forwarding/cut-down.ts';

const characters = ['a', 'Z', ' ', 'é', '€', '😀', '\\n', '\\"', '\\\\', '\\/', '\\u00e9', '\\uD83D\\uDE00', '\\ud83d'];
const text = fc.array(fc.constantFrom(...characters), { maxLength: 12 }).map((parts) => parts.join(''));
const long = fc
  .tuple(fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 3_000 }))
  .map(([parts, times]) => parts.join('').repeat(times));
const quoted = (content: string) => `"${content}"`;
const numbers = ['0', '-0', '-1.50', '1E400', '9223372036854775807', '0.10000000000000000000001', '12e-3', '123456789'];
const name = fc.oneof(fc.constantFrom('Name', 'Value', 'Data', 'É', '\\u0049d', '\\"'), text).map((n) => `${n}_`);

/** JSON as it is written, not as it is read. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 3, arbitrary: fc.constantFrom(...numbers, 'true', 'false', 'null', '[]', '{}') },
    { weight: 3, arbitrary: text.map(quoted) },
    { weight: 2, arbitrary: long.map(quoted) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 8 }).map((all) => `[${all.join(',')}]`) },
    { weight: 1, arbitrary: manyOf(tie('value')) },
    { weight: 2, arbitrary: membersOf(tie('value')).map((all) => `{${all.join(',')}}`) },
  ),
}));

function manyOf(element: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(element, fc.integer({ min: 1, max: 2_000 }))
    .filter(([one, times]) => one.length * times < 200_000)
    .map(([one, times]) => `[${Array.from({ length: times }, () => one).join(',')}]`);
}

function membersOf(member: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc
    .uniqueArray(fc.tuple(name, member), { selector: ([key]) => JSON.parse(`"${key}"`), maxLength: 8 })
    .map((all) => all.map(([key, of]) => `"${key}":${of}`));
}

const identity = fc
  .subarray([...identifyingNames])
  .chain((names) =>
    fc.tuple(
      ...names.map((key) => fc.oneof(text.map(quoted), fc.constantFrom(...numbers)).map((v) => `"${key}":${v}`)),
    ),
  );
const record = fc
  .tuple(identity, membersOf(value))
  .chain(([known, others]) => fc.shuffledSubarray([...known, ...others], { minLength: known.length + others.length }))
  .map((all) => `{${all.join(',')}}`);
/** Of the record's length; but what identifies the generated records fits into `least`. */
const share = fc.double({ min: 0, max: 1.05, noNaN: true });
const least = 2_048;

const markPattern = /^(.*)…\[cut, (\d+) bytes\]$/s;

function tokensOf(json: string): string[] {
  return json.match(/"(?:[^"\\]|\\.)*"|[^\s,:[\]{}"]+/g) ?? [];
}

/** Every token of the cut record is one of the original, in its order, or the beginning of one with its length. */
function expectVerbatim(cut: string, original: string): void {
  const written = tokensOf(original);
  let next = 0;
  for (const token of tokensOf(cut)) {
    const [, head, bytes] = markPattern.exec(token.slice(1, -1)) ?? [];
    const found = written.findIndex((candidate, index) => {
      if (index < next) return false;
      if (candidate === token) return true;
      return (
        head !== undefined && candidate.startsWith(`"${head}`) && Buffer.byteLength(candidate) - 2 === Number(bytes)
      );
    });
    if (found < 0) expect.fail(`${token.slice(0, 100)} is not in the record, or not there`);
    next = found + 1;
  }
}

/** Arrays lose from their end, objects lose whole members, strings their end, and nothing changes its kind. */
function isCutOf(cut: unknown, original: unknown): boolean {
  if (typeof cut === 'string' && typeof original === 'string') {
    return cut === original || original.startsWith(markPattern.exec(cut)?.[1] ?? '\0');
  }
  if (Array.isArray(cut)) {
    return Array.isArray(original) && cut.every((element, index) => isCutOf(element, original[index]));
  }
  if (typeof cut !== 'object' || cut === null) return Object.is(cut, original);
  if (typeof original !== 'object' || original === null || Array.isArray(original)) return false;
  const of = new Map(Object.entries(original));
  return Object.entries(cut).every(([key, member]) => of.has(key) && isCutOf(member, of.get(key)));
}

function withoutMarker(cut: string): string {
  const at = cut.lastIndexOf(`"${cutMarker}":{`);
  return `${cut.slice(0, cut[at - 1] === ',' ? at - 1 : at)}}`;
}

describe('cutDown', () => {
  it('keeps what identifies the record, marks it, and leaves alone what it does not cut', () => {
    fc.assert(
      fc.property(record, share, (json, part) => {
        const original = Buffer.from(json);
        const maxBytes = Math.max(least, Math.floor(original.length * part));
        const result = cutDown(original, maxBytes);
        if (original.length <= maxBytes) {
          expect(result).toBe(original);
          return;
        }
        expect(result.length).toBeLessThanOrEqual(maxBytes);
        const cut = result.toString();
        expect(Buffer.from(cut).equals(result)).toBe(true);
        const read = JSON.parse(cut);
        expect(Object.keys(read).at(-1)).toBe(cutMarker);
        expect(read[cutMarker]).toEqual({ By: 'm365-audit-collector', OriginalBytes: original.length });
        const whole = JSON.parse(json);
        for (const key of identifyingNames) expect(read[key]).toEqual(whole[key]);
        expectVerbatim(withoutMarker(cut), json);
        expect(isCutOf(JSON.parse(withoutMarker(cut)), whole)).toBe(true);
        expect(cutDown(original, maxBytes).equals(result)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('cuts the longest strings alone where that is enough, and no further than it must', () => {
    const strings = fc.array(fc.oneof(long, text), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(strings, fc.integer({ min: 9_000, max: 60_000 }), (all, maxBytes) => {
        const json = Buffer.from(`{"Id":"1","Data":[${all.map((one) => `{"Value":"${one}"}`).join(',')}]}`);
        fc.pre(json.length > maxBytes);
        const result = cutDown(json, maxBytes);
        const cut = tokensOf(result.toString()).filter((token) => markPattern.test(token.slice(1, -1)));
        const levels = cut.map((token) => Buffer.byteLength(token) - 2);
        const uncut = all.filter((one) => result.includes(`"${one}"`)).map((one) => Buffer.byteLength(one));
        expect(JSON.parse(result.toString()).Data).toHaveLength(all.length);
        // A character is at most 12 bytes, so that much may be lost at each border, and a byte where the level is no whole number.
        const lostAtBorder = 12;
        expect(maxBytes - result.length).toBeLessThanOrEqual(lostAtBorder * cut.length);
        expect(Math.max(0, ...uncut)).toBeLessThanOrEqual(Math.min(...levels) + lostAtBorder);
      }),
    );
  });

  it.each([
    ['a pair of escaped surrogates', '\\uD83D\\uDE00'],
    ['a character of four bytes', '😀'],
    ['an escaped backslash', '\\\\'],
  ])('never splits %s', (_, character) => {
    for (let shift = 0; shift < 12; shift++) {
      const json = `{"${'k'.repeat(shift)}":"${character.repeat(1_000)}"}`;
      const { [cutMarker]: _marker, ...read } = JSON.parse(cutDown(Buffer.from(json), 1_024).toString());
      const [head] = String(Object.values(read)[0]).split('…');
      expect(new Set(head?.match(/./gu))).toEqual(new Set([JSON.parse(`"${character}"`)]));
    }
  });

  it('cuts what identifies the record only when it is absurdly long, and then as little as it can', () => {
    const json = Buffer.from(
      `{"ObjectId":"${'o'.repeat(3_000)}","UserId":"${'u'.repeat(30_000)}","Data":"${'d'.repeat(900)}"}`,
    );
    const roomy = JSON.parse(cutDown(json, 9_000).toString());
    expect(roomy.ObjectId).toBe('o'.repeat(3_000));
    expect(roomy.Data).toBe('d'.repeat(900));
    expect(roomy.UserId.length).toBeGreaterThan(4_096);
    const tight = JSON.parse(cutDown(json, 1_024).toString());
    expect(tight.ObjectId).toMatch(/^o{100,}…\[cut, 3000 bytes\]$/);
    expect(tight.UserId).toMatch(/^u{100,}…\[cut, 30000 bytes\]$/);
  });

  it('cuts other strings to less than those that identify the record', () => {
    const other = `"${'s'.repeat(1_000)}"`;
    const known = `{"UserId":"${'u'.repeat(1_500)}","AppAccessContext":{"Token":"${'t'.repeat(800)}"}`;
    const json = `${known},"Data":[${Array.from({ length: 20 }, () => other).join(',')}]}`;
    const cut = cutDown(Buffer.from(json), 10_000).toString();
    expect(cut.startsWith(known)).toBe(true);
    expect(JSON.parse(cut).Data).toEqual(Array(20).fill(expect.stringMatching(/^s+…\[cut, 1000 bytes\]$/)));
  });

  it('takes white space first', () => {
    const values = { Id: '1', Data: Array.from({ length: 900 }, (_, index) => ({ index })), Text: ' \\" a  b ' };
    const pretty = Buffer.from(JSON.stringify(values, null, '\t \r\n'));
    const cut = cutDown(pretty, 20_000).toString();
    expect(cut).toBe(
      `${JSON.stringify(values).slice(0, -1)},"${cutMarker}":{"By":"m365-audit-collector","OriginalBytes":${pretty.length}}}`,
    );
  });

  it('finds another name for the marker where the record has such a member', () => {
    const json = Buffer.from(`{"CutDown":1,"\\u0043utDown2":[2],"Data":"${'d'.repeat(2_000)}"}`);
    const read = JSON.parse(cutDown(json, 1_024).toString());
    expect(read).toMatchObject({ CutDown: 1, CutDown2: [2], CutDown3: { OriginalBytes: json.length } });
  });

  it('gives the marker its own name where only a value within has such a member, and where nothing else is left', () => {
    const within = Buffer.from(`{"A":{"CutDown":1},"Data":"${'d'.repeat(2_000)}"}`);
    expect(Object.keys(JSON.parse(cutDown(within, 1_024).toString()))).toEqual(['A', 'Data', cutMarker]);
    const nothing = cutDown(Buffer.from(`{"${'k'.repeat(3_000)}":1}`), 1_024);
    expect(Object.keys(JSON.parse(nothing.toString()))).toEqual([cutMarker]);
  });

  it('knows an identifying name however it is written, and keeps the last of several', () => {
    const fill = Array.from({ length: 500 }, (_, index) => `"k${index}":${index}`).join(',');
    const json = Buffer.from(`{"Id":"first",${fill},"\\u0049d":"last","RecordType":9007199254740993}`);
    const cut = cutDown(json, 1_024).toString();
    expect(JSON.parse(cut).Id).toBe('last');
    expect(cut).toContain('"RecordType":9007199254740993');
  });

  it('refuses a limit into which nothing fits', () => {
    expect(() => cutDown(Buffer.from('{}'), 1_023)).toThrow(RangeError);
    expect(() => cutDown(Buffer.from('{}'), Number.NaN)).toThrow(RangeError);
  });
});
