import type { PublishedContent } from '../simulator/published-content.ts';
import { modelTypes } from './model-world.ts';
import type { NewContent } from './steps.ts';
import type { Collected } from './what-is-left.ts';

/** Five of these fill a batch. */
const largeRecordBytes = 190_000;
const largeRecords = 11;
const filler = 'x'.repeat(largeRecordBytes);
const smallRecords = 4;

/** Publishes a content and has its records counted from now on. */
export function publishContent(world: Pick<Collected, 'tenant' | 'deliveries'>, content: NewContent): PublishedContent {
  const now = Date.now();
  const number = world.tenant.contents.length;
  const published = world.tenant.publish({
    contentType: modelTypes[content.type],
    createdAt: now - content.ageMinutes * 60_000,
    visibleFrom: now + content.lateMinutes * 60_000,
    records: content.size === 'large' ? largeOnes(`${world.tenant.tenantId}-${number}`) : small(content.size),
  });
  world.deliveries.published(published);
  return published;
}

function small(size: 'empty' | 'small' | 'large'): number {
  return size === 'empty' ? 0 : smallRecords;
}

function largeOnes(id: string): Buffer[] {
  return Array.from({ length: largeRecords }, (_, place) =>
    Buffer.from(JSON.stringify({ Id: `${id}-${place}`, Operation: 'Model', Text: filler })),
  );
}
