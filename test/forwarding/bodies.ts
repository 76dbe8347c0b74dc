import fc from 'fast-check';

/** A JSON value as the tokens of its text; white space may stand between any two. */
export type Tokens = readonly string[];

const numbers = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '9007199254740993',
    '-123456789012345678901234567890',
    '1.50',
    '1E+5',
    '2e-308',
    '0.1',
    '10',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt().map(String),
);
const strings = fc.oneof(
  fc.constantFrom(
    '"\\ud800"',
    '"\\"\\\\"',
    '"\\\\\\""',
    '"[{,}]"',
    '"\\u0022"',
    '"\\r\\n"',
    '"\t\u2028\u00e9\u{1f600}"',
    '""',
  ),
  fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
  fc
    .string({ unit: fc.constantFrom('"', '\\', '/', '{', '}', '[', ']', ',', '\n', 'é', '😀', 'a') })
    .map((value) => JSON.stringify(value)),
);

function commaSeparated(items: readonly Tokens[]): Tokens {
  return items.flatMap((item, index) => (index === 0 ? item : [',', ...item]));
}

const { value } = fc.letrec<{ value: Tokens }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom('true', 'false', 'null'), numbers, strings).map((token) => [token]),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => ['[', ...commaSeparated(items), ']']),
    fc
      .array(fc.tuple(strings, tie('value')), { maxLength: 4 })
      .map((members) => ['{', ...commaSeparated(members.map(([name, item]) => [name, ':', ...item])), '}']),
  ),
}));

/** A body, and the lines that have to come of it, without their line feeds. */
export interface Body {
  readonly text: string;
  readonly lines: readonly string[];
}

/** Writes an array, with the next of `spaces` (used in turn) wherever white space may stand. */
export function writeBody(elements: readonly Tokens[], spaces: readonly string[], mark: boolean): Body {
  let turn = 0;
  const space = (): string => spaces[turn++ % spaces.length] ?? '';
  const texts = elements.map((tokens) =>
    tokens.map((token, index) => (index === 0 ? token : space() + token)).join(''),
  );
  const inner = texts.map((text) => space() + text + space()).join(',');
  return {
    text: `${mark ? '\ufeff' : ''}${space()}[${inner}${space()}]${space()}`,
    lines: texts.map((text) => text.replace(/[\r\n]/g, '')),
  };
}

const whiteSpace = fc.oneof(
  fc.constant(['']),
  fc.constant(['\n  ']),
  fc.constant(['\r\n\t']),
  fc.array(fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 4 }), { minLength: 1, maxLength: 20 }),
);

/** Any array of any values, with any white space, with and without byte order mark. */
export const anyBody: fc.Arbitrary<Body> = fc
  .tuple(fc.array(value, { maxLength: 8 }), whiteSpace, fc.boolean())
  .map(([elements, spaces, mark]) => writeBody(elements, spaces, mark));

/** Sizes in bytes of the chunks that a body arrives in, used in turn. */
export const anyChunking: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constant([1]),
  fc.constant([1_000_000]),
  fc
    .array(fc.integer({ min: 0, max: 24 }), { minLength: 1, maxLength: 12 })
    .filter((sizes) => sizes.some((size) => size > 0)),
);

/** Chunks of their own memory, as a splitter may overwrite them. */
export function chunksOf(body: string | Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const chunks: Uint8Array[] = [];
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const to = from + (sizes[turn % sizes.length] ?? 1);
    chunks.push(new Uint8Array(bytes.subarray(from, to)));
    from = to;
  }
  return chunks;
}
