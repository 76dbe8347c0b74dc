import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentIdOf, contentRowKey, decodeKeyPart, encodeKeyPart } from '../../shared/ledger/keys.ts';

const anything = fc.string({ unit: 'binary' });

describe('keys', () => {
  it('are encoded reversibly', () => {
    fc.assert(fc.property(anything, (value) => void expect(decodeKeyPart(encodeKeyPart(value))).toBe(value)));
  });

  it('hold nothing that a table key may not hold', () => {
    fc.assert(fc.property(anything, (value) => void expect(encodeKeyPart(value)).toMatch(/^[A-Za-z0-9$._*-]*$/)));
  });

  it('fit even for the longest ids, and say the same when they are encoded again', () => {
    const long = encodeKeyPart('é'.repeat(5_000));
    expect(long.length).toBeLessThan(400);
    expect(encodeKeyPart(decodeKeyPart(long))).toBe(long);
    expect(encodeKeyPart('é'.repeat(5_001))).not.toBe(long);
  });

  it('leave the ids of the API as they are', () => {
    const contentId = '20261122151500123000456$20261122151500123000456$audit_exchange$Audit_Exchange$emea0012';
    expect(encodeKeyPart(contentId)).toBe(contentId);
    const rowKey = contentRowKey('open', { contentId, created: Date.parse('2026-11-22T15:15:00.123Z') });
    expect(rowKey).toBe(`o|2026-11-22T15|${contentId}`);
  });

  it('give the contentId back from a row key', () => {
    fc.assert(
      fc.property(
        anything,
        fc.date({ min: new Date('2015-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (contentId, created) => {
          expect(contentIdOf(contentRowKey('forwarded', { contentId, created: created.getTime() }))).toBe(contentId);
        },
      ),
    );
  });
});
