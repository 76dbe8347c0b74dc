import type { PublishedContent } from './published-content.ts';
import { createRecordMultiset, type RecordMultiset } from './record-multiset.ts';
import type { Siem } from './siem.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** What a tenant has published against what has arrived for it. */
export interface AuditResult {
  /** Records that must arrive. */
  readonly published: number;
  /** Records that the SIEM has accepted. */
  readonly arrived: number;
  readonly missing: number;
  /** Copies of published records beyond those published. */
  readonly doubled: number;
  /** Records that were never published. */
  readonly unknown: number;
  /** Equal exactly when everything arrived, once, and nothing else. */
  readonly sha256: { readonly published: string; readonly arrived: string };
  /** Content id and place of the first missing records, for people. */
  readonly examples: readonly string[];
}

/** Which contents an audit is about. */
export interface AuditScope {
  /** Default: all that the tenant has published, apart from those it lost. */
  readonly contents?: readonly PublishedContent[];
}

const maxExamples = 10;

/** Compares by hashing each published line and each line that arrived; needs no kept records. */
export async function compare(tenant: SimulatedTenant, siem: Siem, scope: AuditScope = {}): Promise<AuditResult> {
  const contents = scope.contents ?? tenant.contents.filter(({ contentId }) => !tenant.lost.has(contentId));
  const { multiset: arrived } = siem.arrived(tenant);
  const published = createRecordMultiset();
  await visitLines(contents, (line) => published.add(line) > 0);
  const notArrived = published.beyond(arrived);
  const notPublished = arrived.beyond(published);
  const missing = notArrived.surplus + notArrived.foreign;
  return {
    published: published.total,
    arrived: arrived.total,
    missing,
    doubled: notPublished.surplus,
    unknown: notPublished.foreign,
    sha256: { published: published.sha256(), arrived: arrived.sha256() },
    examples: missing === 0 ? [] : await firstMissing(contents, arrived),
  };
}

/** Whether to go on. */
type Visit = (line: Buffer, content: PublishedContent, place: number) => boolean;

async function visitLines(contents: readonly PublishedContent[], visit: Visit): Promise<void> {
  for (const content of contents) {
    const lines = content.expected();
    let place = 0;
    if (Symbol.iterator in lines) {
      for (const line of lines) if (!visit(line, content, place++)) return;
    } else {
      for await (const line of lines) if (!visit(line, content, place++)) return;
    }
  }
}

async function firstMissing(contents: readonly PublishedContent[], arrived: RecordMultiset): Promise<string[]> {
  const examples: string[] = [];
  const seen = createRecordMultiset();
  await visitLines(contents, (line, { contentId }, place) => {
    if (seen.add(line) > arrived.count(line)) examples.push(`${contentId} [${place}]`);
    return examples.length < maxExamples;
  });
  return examples;
}
