import { describe, expect, test } from 'vitest';
import { wholeBody } from './answer.ts';
import { type ContentShapeName, contentShapes } from './content-shapes.ts';
import { layOut } from './json-layout.ts';
import type { PublishedContent } from './published-content.ts';
import { createRecordPress } from './records/record-press.ts';
import { createTenant, type Publication } from './simulated-tenant.ts';

function publish(publication: Partial<Publication>): PublishedContent {
  const tenant = createTenant(3, 0, createRecordPress(3), () => Date.parse('2026-11-22T15:15:00Z'));
  return tenant.publish({ contentType: 'Audit.SharePoint', createdAt: '14:00', ...publication });
}

async function bodyOf(content: PublishedContent): Promise<string> {
  return (await wholeBody({ status: 200, headers: {}, body: content.body() })).toString();
}

const shapeNames = Object.keys(contentShapes) as ContentShapeName[];

describe('a published content', () => {
  test.each(shapeNames)('in the shape %s is an array of what must arrive, or not JSON at all', async (shape) => {
    const content = publish({ shape, records: 20 });
    const text = await bodyOf(content);
    const array = (): unknown => JSON.parse(text.replace(/^\ufeff/, ''));
    if (content.wellFormed) {
      expect(content.records.map((line) => JSON.parse(line.toString()))).toEqual(array());
      for (const line of content.records) expect(line.toString()).not.toMatch(/[\r\n]/);
    } else {
      expect(content.records).toEqual([]);
      if (shape !== 'error-object') expect(array).toThrow();
    }
  });

  test('is the same whether it is held at once or made piece by piece', async () => {
    const given = publish({ records: 2_500 }).records;
    const many = publish({ records: given });
    expect(many.body()).toBeTypeOf('function');
    const streamed = publish({ stream: () => given });
    const later = publish({
      stream: async function* () {
        yield* given;
      },
    });
    const expected = `[${given.join(',')}]`;
    for (const content of [many, streamed, later]) expect(await bodyOf(content)).toBe(expected);
    expect(() => later.records).toThrow(/asynchronously/);
  });

  test('names itself in the style of the API and expires after seven days', () => {
    const content = publish({ contentType: 'Audit.Exchange' });
    expect(content.contentId).toBe(
      '20261122140000000000001$20261122140000000000001$audit_exchange$Audit_Exchange$na0045',
    );
    expect(new Date(content.expiresAt).toISOString()).toBe('2026-11-29T14:00:00.000Z');
  });

  test('can have any bytes at all for its body', async () => {
    const record = Buffer.from('{"a":1}');
    const raw = Buffer.from('[ {"a":1} ]');
    expect(publish({ body: raw }).records).toEqual([]);
    expect(publish({ body: raw, records: [record] }).records).toEqual([record]);
    expect(await bodyOf(publish({ body: raw }))).toBe(raw.toString());
  });
});

describe('laying out a record', () => {
  test('changes nothing but white space between tokens, and the line lacks nothing but line breaks', () => {
    const record = Buffer.from(String.raw`{"a\"},[":[1.0,-2e5,{},[]],"b":{"c":"x\\","d":null},"e":[{"f":true}]}`);
    const { body, line } = layOut(record, { lineBreak: '\r\n', indent: '\t', colon: ' : ' }, 0);
    expect(body.toString()).toBe(
      [
        '{',
        String.raw`	"a\"},[" : [`,
        '\t\t1.0,',
        '\t\t-2e5,',
        '\t\t{},',
        '\t\t[]',
        '\t],',
        '\t"b" : {',
        String.raw`		"c" : "x\\",`,
        '\t\t"d" : null',
        '\t},',
        '\t"e" : [',
        '\t\t{',
        '\t\t\t"f" : true',
        '\t\t}',
        '\t]',
        '}',
      ].join('\r\n'),
    );
    expect(line.toString()).toBe(body.toString().replaceAll('\r\n', ''));
    expect(JSON.parse(body.toString())).toEqual(JSON.parse(record.toString()));
  });
});
