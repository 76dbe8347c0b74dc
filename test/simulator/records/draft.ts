import type { Random } from '../random.ts';
import {
  accountNames,
  applicationIds,
  awkwardNumbers,
  awkwardTexts,
  displayNames,
  longText,
  plainTexts,
  userAgents,
} from './vocabulary.ts';

/** A record that is being written. */
export interface Draft {
  readonly random: Random;
  readonly tenantId: string;
  readonly domain: string;
  /** Id of the record, which no other record of the tenant has. */
  readonly id: string;
  /** CreationTime: no zone, UTC. */
  readonly time: string;
}

/** Writes the text of one record. */
export type RecordWriter = (draft: Draft) => string;

/** What all records say about themselves. */
export interface RecordHead {
  readonly operation: string;
  readonly recordType: number;
  readonly workload: string;
  readonly user: string;
  readonly userKey?: string;
  readonly userType?: number;
  readonly resultStatus?: string;
  readonly objectId?: string;
  readonly clientIp?: string;
}

/** The beginning of a record up to and with a comma, with its keys in one of the orders that are seen. */
export function headOf(draft: Draft, head: RecordHead): string {
  const { random, id, time, tenantId } = draft;
  const userKey = head.userKey ?? `i:0h.f|membership|${random.hex8()}${random.hex8()}@live.com`;
  const result = head.resultStatus === undefined ? '' : `"ResultStatus":"${head.resultStatus}",`;
  const object = head.objectId === undefined ? '' : `"ObjectId":"${head.objectId}",`;
  const address = head.clientIp === undefined ? '' : `"ClientIP":"${head.clientIp}",`;
  const type = `"RecordType":${head.recordType},`;
  const who = `"UserKey":"${userKey}","UserType":${head.userType ?? 0},`;
  const where = `"Version":1,"Workload":"${head.workload}",`;
  if (random.chance(0.85)) {
    return `{"CreationTime":"${time}","Id":"${id}","Operation":"${head.operation}","OrganizationId":"${tenantId}",${type}${result}${who}${where}${address}${object}"UserId":"${head.user}",`;
  }
  return `{"OrganizationId":"${tenantId}",${type}"Operation":"${head.operation}","Id":"${id}",${where}${result}"UserId":"${head.user}",${address}${who}${object}"CreationTime":"${time}",`;
}

/** An address of somebody in the tenant. */
export function userOf({ random, domain }: Draft): string {
  return `${random.pick(accountNames)}${random.below(400)}@${domain}`;
}

/** A display name. */
export function displayNameOf({ random }: Draft): string {
  return random.pick(displayNames);
}

/** The name of a file or the subject of a message, awkward now and then. */
export function textOf({ random }: Draft): string {
  return random.pick(random.chance(0.25) ? awkwardTexts : plainTexts);
}

/** A number as it is written, awkward now and then. */
export function numberOf({ random }: Draft): string {
  return random.chance(0.2) ? random.pick(awkwardNumbers) : String(random.below(5_000_000));
}

/** An IPv4 or IPv6 address. */
export function addressOf({ random }: Draft): string {
  const bits = random.below(16_777_216);
  if (random.chance(0.2)) return `2a01:cb${(bits & 0xff).toString(16)}:${(bits >> 8).toString(16)}::1`;
  return `203.${bits & 0xff}.${(bits >> 8) & 0xff}.${(bits >> 16) & 0xff}`;
}

/** What a client calls itself. */
export function userAgentOf({ random }: Draft): string {
  return random.pick(userAgents);
}

/** The id of an application. */
export function applicationOf({ random }: Draft): string {
  return random.pick(applicationIds);
}

/** A long piece of text for the long tail: mostly empty. */
export function tailOf({ random }: Draft): string {
  return random.chance(0.01) ? longText.slice(0, 1_000 + random.below(longText.length - 1_000)) : '';
}

/** How many entries a list has: mostly few, seldom many. */
export function lengthOf({ random }: Draft, many: number): number {
  return random.chance(0.02) ? 5 + random.below(many - 4) : 1 + random.below(3);
}

/** So many entries, with commas between them. */
export function listOf(length: number, entry: (index: number) => string): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += index === 0 ? entry(index) : `,${entry(index)}`;
  return text;
}
