/** A record laid out over several lines, and the one line that may arrive for it. */
export interface LaidOutRecord {
  readonly body: Buffer;
  /** The same without its line breaks: the only bytes a collector may leave out. */
  readonly line: Buffer;
}

/** How a pretty-printer indents and ends lines. */
export interface Layout {
  readonly lineBreak: '\n' | '\r\n';
  readonly indent: string;
  readonly colon: ': ' | ':' | ' : ';
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gsu;

/** Lays out compact or other JSON text; every token keeps its own text. */
export function layOut(json: Buffer, layout: Layout, depth = 1): LaidOutRecord {
  const pieces: string[] = [];
  const line: string[] = [];
  const put = (text: string): void => {
    pieces.push(text);
    line.push(text);
  };
  const breakLine = (level: number): void => {
    pieces.push(layout.lineBreak);
    put(layout.indent.repeat(level));
  };
  let level = depth;
  let opened = false;
  for (const [text] of json.toString().matchAll(token)) {
    const closes = text === '}' || text === ']';
    if (closes) level -= 1;
    if (opened !== closes && (opened || closes)) breakLine(level);
    put(text === ':' ? layout.colon : text);
    opened = text === '{' || text === '[';
    if (opened) level += 1;
    if (text === ',') breakLine(level);
  }
  return { body: Buffer.from(pieces.join('')), line: Buffer.from(line.join('')) };
}
