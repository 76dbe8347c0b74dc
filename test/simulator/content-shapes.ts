import { type LaidOutRecord, type Layout, layOut } from './json-layout.ts';

/** How the body of a content is written. */
export interface ContentShape {
  /** Whether the body is a whole JSON array, so that its records must arrive. */
  readonly wellFormed: boolean;
  readonly before: string;
  readonly between: string;
  readonly after: string;
  /** The whole body, whatever the records. */
  readonly instead?: string;
  /** Records are laid out instead of written as they are. */
  readonly layout?: Layout;
  /** The body ends in the middle of its last record. */
  readonly cutsLast?: true;
}

const pretty: Layout = { lineBreak: '\n', indent: '  ', colon: ': ' };
const windows: Layout = { lineBreak: '\r\n', indent: '\t', colon: ' : ' };

/** The bodies seen live, and those that a cut or a proxy leaves behind. */
export const contentShapes = {
  compact: { wellFormed: true, before: '[', between: ',', after: ']' },
  bom: { wellFormed: true, before: '\ufeff[', between: ',', after: ']' },
  spaced: { wellFormed: true, before: ' \r\n\t[ ', between: ' \n,\t ', after: '\r\n ] \n\n' },
  lines: { wellFormed: true, before: '[\n', between: ',\n', after: '\n]\n' },
  pretty: { wellFormed: true, before: '[\n  ', between: ',\n  ', after: '\n]', layout: pretty },
  'pretty-windows': {
    wellFormed: true,
    before: '\ufeff[\r\n\t',
    between: ',\r\n\t',
    after: '\r\n]\r\n',
    layout: windows,
  },
  empty: { wellFormed: true, before: '', between: '', after: '', instead: '[]' },
  'empty-spaced': { wellFormed: true, before: '', between: '', after: '', instead: '\ufeff [\r\n] \n' },
  unclosed: { wellFormed: false, before: '[', between: ',', after: '' },
  'comma-then-end': { wellFormed: false, before: '[', between: ',', after: ',' },
  truncated: { wellFormed: false, before: '[', between: ',', after: '', cutsLast: true },
  'not-separated': { wellFormed: false, before: '[', between: ' ', after: ']' },
  'more-behind': { wellFormed: false, before: '[', between: ',', after: ']{"more":true}' },
  'two-arrays': { wellFormed: false, before: '[', between: ',', after: '][]' },
  'one-object': { wellFormed: false, before: '', between: '\n', after: '' },
  'error-object': {
    wellFormed: false,
    before: '',
    between: '',
    after: '',
    instead: '{"error":{"code":"AF50000","message":"An internal error occurred. Retry the request."}}',
  },
  html: {
    wellFormed: false,
    before: '',
    between: '',
    after: '',
    instead: '<!DOCTYPE html><html><body><h1>Service Unavailable</h1></body></html>',
  },
  blank: { wellFormed: false, before: '', between: '', after: '', instead: '' },
} as const satisfies Record<string, ContentShape>;

/** The name of a shape. */
export type ContentShapeName = keyof typeof contentShapes;

/** A record as it stands in a body of this shape, and as it must arrive. */
export function recordInShape(record: Buffer, shape: ContentShape): LaidOutRecord {
  return shape.layout ? layOut(record, shape.layout) : { body: record, line: record };
}
