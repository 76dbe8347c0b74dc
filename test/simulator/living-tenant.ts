import type { ContentType } from './content-types.ts';
import type { PublishedContent } from './published-content.ts';
import { createRandom, type Random } from './random.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** How a tenant lives. */
export interface LivingTenantOptions {
  readonly contentsPerMinute: number;
  readonly seed: number;
  now(): number;
  /** Default: all five, DLP.All seldom. */
  readonly contentTypes?: readonly ContentType[];
  /** Some contents become listable so much later than they are created; default a tenth, 1 to 20 seconds. */
  readonly late?: { readonly share: number; readonly minMs: number; readonly maxMs: number };
}

/** A tenant in which people work: contents of all types and sizes appear as time goes by. */
export interface LivingTenant {
  /** Publishes everything that is due by now, oldest first. */
  tick(): PublishedContent[];
  /** Publishes so many contents spread over the hours before now, listable at once. */
  backfill(hours: number, count: number): PublishedContent[];
}

/** How often each type appears, relative to the others. */
const weights: Readonly<Record<ContentType, number>> = {
  'Audit.AzureActiveDirectory': 30,
  'Audit.Exchange': 30,
  'Audit.SharePoint': 25,
  'Audit.General': 14,
  'DLP.All': 1,
};
const singleRecordShare = 0.08;
const everyType = Object.keys(weights) as ContentType[];

/** Begins to live now; nothing is published before the first tick. */
export function createLivingTenant(tenant: SimulatedTenant, options: LivingTenantOptions): LivingTenant {
  const { contentsPerMinute, now, contentTypes: types = everyType } = options;
  const late = options.late ?? { share: 0.1, minMs: 1_000, maxMs: 20_000 };
  const random = createRandom(options.seed);
  const intervalMs = 60_000 / contentsPerMinute;
  const begin = now();
  let published = 0;
  let due = dueTime(0);

  function dueTime(index: number): number {
    return Math.floor(begin + (index + random.next()) * intervalMs);
  }

  function publishOne(createdAt: number, lateMs: number): PublishedContent {
    return tenant.publish({
      contentType: pickType(types, random),
      createdAt,
      visibleFrom: createdAt + lateMs,
      records: recordCount(random),
      shape: random.chance(0.02) ? random.pick(['pretty', 'bom', 'spaced', 'lines'] as const) : 'compact',
    });
  }

  return {
    tick() {
      const made: PublishedContent[] = [];
      const time = now();
      while (due <= time) {
        const isLate = random.chance(late.share);
        made.push(publishOne(due, isLate ? Math.round(late.minMs + random.next() * (late.maxMs - late.minMs)) : 0));
        published += 1;
        due = dueTime(published);
      }
      return made;
    },
    backfill(hours, count) {
      const end = now();
      const start = end - hours * 3_600_000;
      return Array.from({ length: count }, (_, index) =>
        publishOne(Math.floor(start + ((index + random.next()) / count) * (end - start)), 0),
      );
    },
  };
}

function pickType(types: readonly ContentType[], random: Random): ContentType {
  let left = random.next() * types.reduce((sum, type) => sum + weights[type], 0);
  for (const type of types) {
    left -= weights[type];
    if (left < 0) return type;
  }
  return random.pick(types);
}

/** Mostly 20 to 500, skewed so that the average is about 100; now and then a single one. */
function recordCount(random: Random): number {
  return random.chance(singleRecordShare) ? 1 : 20 + Math.floor(481 * random.next() ** 4.4);
}
