/** A word, number, string or mark of a Bicep file; comments are none. What stands in the `${}` of a string follows the string. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'mark';
  /** A string as it is written, with its quotes. */
  readonly text: string;
  readonly line: number;
  /** How many brackets are open before it. */
  readonly depth: number;
  /** Nothing stands before it in its line. */
  readonly first: boolean;
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const plain =
  /(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|([A-Za-z_]\w*)|(\d+)|(=>|::|&&|\|\||==|!=|<=|>=|\?\?|[-+*/%!<>=?:.,@()[\]{}])/y;

/**
 * The tokens of a Bicep file, so far as it takes to find slips without the compiler.
 *
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings
 * @throws with the line when a bracket has no partner, a string no end, or a character has no place in Bicep.
 */
export function readBicep(text: string): Token[] {
  const tokens: Token[] = [];
  const open: { mark: string; line: number }[] = [];
  let at = 0;
  const line = () => text.slice(0, at).split('\n').length;
  const fail = (what: string): never => {
    throw new Error(`line ${line()}: ${what}`);
  };
  const push = (kind: Token['kind'], length: number) => {
    const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    const token = { kind, text: text.slice(at, at + length), line: line(), depth: open.length, first: !before.trim() };
    at += length;
    tokens.push(token);
    return token;
  };

  /** Up to the end of the file, or to the bracket that ends an interpolation. */
  const readCode = (bottom: number) => {
    while (at < text.length) {
      if (text[at] === "'") readString();
      else if (text[at] === '}' && bottom > 0 && open.length === bottom) return;
      else readPlain();
    }
    if (bottom > 0) fail('an interpolation has no end');
  };

  const readPlain = () => {
    plain.lastIndex = at;
    const match = plain.exec(text) ?? fail(`${JSON.stringify(text[at])} has no place here`);
    const [whole, space, word, digits] = match;
    if (space !== undefined) {
      at += whole.length;
      return;
    }
    if (whole in pairs && open.pop()?.mark !== pairs[whole]) fail(`${whole} has no partner`);
    const { line } = push(word !== undefined ? 'word' : digits !== undefined ? 'number' : 'mark', whole.length);
    if (Object.values(pairs).includes(whole)) open.push({ mark: whole, line });
  };

  const readString = () => {
    const started = { line: line(), depth: open.length, from: at, index: tokens.length };
    const raw = text.startsWith("'''", at);
    at += raw ? 3 : 1;
    while (!text.startsWith(raw ? "'''" : "'", at)) {
      if (at >= text.length || (!raw && text[at] === '\n')) fail('a string has no end');
      if (raw) at += 1;
      else if (text[at] === '\\') readEscape();
      else if (text.startsWith('${', at)) {
        at += 2;
        open.push({ mark: '${', line: line() });
        readCode(open.length);
        open.pop();
        at += 1;
      } else at += 1;
    }
    at += raw ? 3 : 1;
    const before = text.slice(text.lastIndexOf('\n', started.from - 1) + 1, started.from);
    const { line: from, depth, index } = started;
    const whole = text.slice(started.from, at);
    tokens.splice(index, 0, { kind: 'string', text: whole, line: from, depth, first: !before.trim() });
  };

  const readEscape = () => {
    const sequence = /\\([\\'nrt$]|u\{[0-9a-f]{1,6}\})/iy;
    sequence.lastIndex = at;
    at += (sequence.exec(text) ?? fail('an escape that Bicep does not know'))[0].length;
  };

  readCode(0);
  const left = open.at(-1);
  if (left !== undefined) throw new Error(`line ${left.line}: ${left.mark} has no partner`);
  return tokens;
}
