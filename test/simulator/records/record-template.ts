import type { Random } from '../random.ts';

/** What differs from one record to the next that was made from the same template. */
export interface RecordParticulars {
  /** First and last 32 bits of the record's GUID; the rest is random. */
  readonly id: readonly [number, number];
  /** CreationTime, 19 characters. */
  readonly time: string;
  readonly tenantId: string;
  /** First label of the tenant's domain, 11 characters. */
  readonly organization: string;
}

/** A record with gaps of fixed width; filling them is some ten times as fast as writing the record. */
export interface RecordTemplate {
  fill(particulars: RecordParticulars, random: Random): Buffer;
}

/** What stands in the gaps while a template is written: each as wide as what it stands for. */
export const gaps = {
  id: 'IIIIIIII-IIII-IIII-IIII-IIIIIIIIIIII',
  guid: 'GGGGGGGG-GGGG-GGGG-GGGG-GGGGGGGGGGGG',
  tenantId: 'TTTTTTTT-TTTT-TTTT-TTTT-TTTTTTTTTTTT',
  time: 'YYYY-MM-DDTHH:MM:SS',
  organization: 'OOOOOOOOOOO',
};

const hexDigits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** The 32 digits of a GUID stand there. */
const digitPlaces = Uint8Array.from([...gaps.guid].flatMap((character, place) => (character === '-' ? [] : [place])));

/** A template out of a text in which the gaps stand. */
export function createRecordTemplate(text: string): RecordTemplate {
  const bytes = Buffer.from(text);
  const ids = placesOf(bytes, gaps.id);
  const guids = placesOf(bytes, gaps.guid);
  const tenants = placesOf(bytes, gaps.tenantId);
  const times = placesOf(bytes, gaps.time);
  const organizations = placesOf(bytes, gaps.organization);
  return {
    fill(particulars, random) {
      const record = Buffer.allocUnsafe(bytes.length);
      bytes.copy(record);
      const [first, last] = particulars.id;
      const [second, third] = [random.word(), random.word()];
      for (const place of ids) writeGuid(record, place, first, second, third, last);
      for (const place of times) record.write(particulars.time, place, 'latin1');
      for (const place of tenants) record.write(particulars.tenantId, place, 'latin1');
      for (const place of organizations) record.write(particulars.organization, place, 'latin1');
      for (const place of guids) writeGuid(record, place, random.word(), random.word(), random.word(), random.word());
      return record;
    },
  };
}

/** Writes a version 4 GUID made of four words over the digits of a gap. */
function writeGuid(record: Buffer, place: number, one: number, two: number, three: number, four: number): void {
  writeDigits(record, place, 0, one);
  writeDigits(record, place, 8, two);
  writeDigits(record, place, 16, three);
  writeDigits(record, place, 24, four);
  record[place + 14] = 0x34;
  record[place + 19] = 0x61;
}

function writeDigits(record: Buffer, place: number, from: number, word: number): void {
  let left = word;
  for (let digit = from; digit < from + 8; digit += 1) {
    record[place + (digitPlaces[digit] as number)] = hexDigits[left & 15] as number;
    left >>>= 4;
  }
}

function placesOf(bytes: Buffer, gap: string): number[] {
  const places: number[] = [];
  for (let place = bytes.indexOf(gap); place >= 0; place = bytes.indexOf(gap, place + gap.length)) places.push(place);
  return places;
}
