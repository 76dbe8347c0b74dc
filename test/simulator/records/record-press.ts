import type { ContentType } from '../content-types.ts';
import { createRandom, mixSeeds, type Random } from '../random.ts';
import { azureActiveDirectoryRecords } from './azure-active-directory.ts';
import { dlpRecords } from './dlp.ts';
import type { Draft, RecordWriter } from './draft.ts';
import { exchangeRecords } from './exchange.ts';
import { generalRecords } from './general.ts';
import { createRecordTemplate, gaps, type RecordTemplate } from './record-template.ts';
import { sharepointRecords } from './sharepoint.ts';

/** Which records to make; the same of these gives the same records. */
export interface RecordOrder {
  readonly contentType: ContentType;
  readonly tenantId: string;
  /** First label of the tenant's domain, 11 characters. */
  readonly organization: string;
  readonly seed: number;
  /** Number of the content within its tenant, from 1: with its place it makes the id of a record unique. */
  readonly content: number;
  /** Time of the content; its events happened 60 to 90 minutes before. */
  readonly createdAt: number;
  readonly count: number;
}

/** Makes audit records as Microsoft writes them, each one a JSON object and unique within its tenant. */
export interface RecordPress {
  /** The records of one content, one after the other; hundreds of thousands a second. */
  records(order: RecordOrder): Generator<Buffer>;
}

const writers: Readonly<Record<ContentType, readonly RecordWriter[]>> = {
  'Audit.AzureActiveDirectory': azureActiveDirectoryRecords,
  'Audit.Exchange': exchangeRecords,
  'Audit.SharePoint': sharepointRecords,
  'Audit.General': generalRecords,
  'DLP.All': dlpRecords,
};
const templatesPerType = 256;
/** Events of one content happened at so many different times, evenly spread. */
const timesPerContent = 64;
const earliestMs = 90 * 60_000;
const momentMs = (30 * 60_000) / timesPerContent;

/** A press whose templates follow from the seed; those of a type are made when it is first asked for. */
export function createRecordPress(seed: number): RecordPress {
  const templates = new Map<ContentType, readonly RecordTemplate[]>();

  function templatesOf(contentType: ContentType): readonly RecordTemplate[] {
    const known = templates.get(contentType);
    if (known) return known;
    const random: Random = { ...createRandom(mixSeeds(seed, 6)), guid: () => gaps.guid };
    const domain = `${gaps.organization}.onmicrosoft.com`;
    const draft: Draft = { random, domain, tenantId: gaps.tenantId, id: gaps.id, time: gaps.time };
    const kinds = writers[contentType];
    const made = Array.from({ length: templatesPerType }, (_, index) => {
      const write = kinds[index % kinds.length] as RecordWriter;
      return createRecordTemplate(write(draft));
    });
    templates.set(contentType, made);
    return made;
  }

  return {
    *records({ contentType, tenantId, organization, seed: tenantSeed, content, createdAt, count }) {
      if (organization.length !== gaps.organization.length) throw new RangeError(`Not 11 characters: ${organization}`);
      const random = createRandom(mixSeeds(tenantSeed, content));
      const choices = templatesOf(contentType);
      const times: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const moment = random.below(timesPerContent);
        const time = times[moment] ?? eventTime(createdAt - earliestMs + moment * momentMs);
        times[moment] = time;
        const id = [Math.imul(content, 0x9e3779b1) ^ tenantSeed, Math.imul(index + 1, 0x85ebca6b) ^ content] as const;
        yield random.pick(choices).fill({ id, time, tenantId, organization }, random);
      }
    },
  };
}

/** As CreationTime has it: seconds, UTC, no zone. */
export function eventTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19);
}
