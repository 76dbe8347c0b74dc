/**
 * The members by which a record can be recognised and found again: the whole Common schema, and `Version`, which stands in every
 * record though the schema does not list it.
 *
 * Source: Office 365 Management Activity API schema, "Common schema".
 */
export const identifyingNames: ReadonlySet<string> = new Set([
  'Id',
  'RecordType',
  'CreationTime',
  'Operation',
  'OrganizationId',
  'UserType',
  'UserKey',
  'Workload',
  'ResultStatus',
  'ObjectId',
  'UserId',
  'ClientIP',
  'Scope',
  'AppAccessContext',
  'Version',
]);

/**
 * Name of the member that a cut record ends with: `{"By":"m365-audit-collector","OriginalBytes":1234567}`. A number from 2 on
 * follows the name if the record has such a member already.
 */
export const cutMarker = 'CutDown';

/** No name that is asked for is longer than this, even with every character escaped. */
const longestNameBytes = 128;

/**
 * A member's name, unescaped, to be compared with names in ASCII; empty when it is too long to be one that is asked for.
 *
 * @param from index behind the name's opening quote
 * @param to index of its closing quote
 */
export function memberName(json: Buffer, from: number, to: number): string {
  if (to - from > longestNameBytes) return '';
  const name = json.toString('latin1', from, to);
  return name.includes('\\') ? String(JSON.parse(`"${json.toString('utf8', from, to)}"`)) : name;
}

/** The marker's name in a record that has these members already. */
export function freeMarkerName(taken: ReadonlySet<string>): string {
  let name = cutMarker;
  for (let number = 2; taken.has(name); number++) name = `${cutMarker}${number}`;
  return name;
}
