import type { OpenContent } from './open-content.ts';

const dayMs = 24 * 60 * 60_000;

/**
 * The order in which due contents go: first what expires within a day, soonest first; then fresh and oldest in turn, so that
 * neither waits for the other. Both lists are oldest first; a content that stands in both comes once.
 */
export function orderDue(oldest: readonly OpenContent[], fresh: readonly OpenContent[], now: number): OpenContent[] {
  const urgent = oldest
    .filter(({ expires }) => expires - now < dayMs)
    .sort((one, other) => one.expires - other.expires);
  const rest = oldest.filter(({ expires }) => expires - now >= dayMs);
  const ordered = [...urgent];
  for (let index = 0; index < Math.max(rest.length, fresh.length); index += 1) {
    ordered.push(...[fresh[index], rest[index]].filter((content) => content !== undefined));
  }
  const seen = new Set<string>();
  return ordered.filter(({ contentId }) => !seen.has(contentId) && seen.add(contentId));
}
