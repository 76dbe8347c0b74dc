/**
 * Where a text stops being JSON: the offset, from 0, of the first token that cannot stand there.
 *
 * `JSON.parse` does not always say, and when it does it quotes the text, which may hold a secret. Only for a text that
 * `JSON.parse` has refused; it is checked token by token, without building values.
 */
export function brokenAt(text: string): number {
  let at = 0;
  const eat = (token: RegExp): boolean => {
    token.lastIndex = at;
    const found = token.test(text);
    if (found) at = token.lastIndex;
    return found;
  };
  const list = (element: () => boolean, end: RegExp): boolean => {
    eat(space);
    if (eat(end)) return true;
    do {
      if (!element()) return false;
      eat(space);
    } while (eat(comma));
    return eat(end);
  };
  const member = (): boolean => {
    eat(space);
    if (!eat(string)) return false;
    eat(space);
    return eat(colon) && value();
  };
  const value = (): boolean => {
    eat(space);
    if (eat(string) || eat(scalar)) return true;
    if (eat(openArray)) return list(value, closeArray);
    return eat(openObject) && list(member, closeObject);
  };
  if (value()) eat(space);
  return at;
}

const space = /[ \t\n\r]*/y;
const comma = /,/y;
const colon = /:/y;
const openArray = /\[/y;
const closeArray = /\]/y;
const openObject = /\{/y;
const closeObject = /\}/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
