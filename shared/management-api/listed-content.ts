/** One item of a listing: a content (blob) that can be downloaded. */
export interface ListedContent {
  readonly contentId: string;
  readonly contentUri: string;
  /** When the blob became available, milliseconds since 1970; not when its events happened. */
  readonly created: number;
  /** Until when it can be downloaded, milliseconds since 1970. */
  readonly expires: number;
  /** How long it was hidden at the most, in milliseconds, when a listing before should have shown it. */
  readonly lateMs?: number;
}

/** Source: Management Activity API reference, "List available content". Observed: about 20 days. */
const documentedLifeMs = 7 * 24 * 3_600_000;

/** Reads one item of a listing; undefined when it lacks what a content needs. */
export function readListedContent(item: unknown): ListedContent | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { contentId, contentUri, contentCreated, contentExpiration } = item as Record<string, unknown>;
  const created = readTime(contentCreated);
  // Left out, it is the documented one; the API itself says when a content has expired.
  const expires = readTime(contentExpiration) ?? (created === undefined ? undefined : created + documentedLifeMs);
  if (typeof contentId !== 'string' || contentId === '') return undefined;
  if (typeof contentUri !== 'string' || contentUri === '' || created === undefined || expires === undefined)
    return undefined;
  return { contentId, contentUri, created, expires };
}

/** The API's times are UTC, with or without a Z. */
function readTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const time = Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** A time as the API documents it for startTime and endTime: YYYY-MM-DDTHH:MM:SS, UTC. */
export function apiTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
