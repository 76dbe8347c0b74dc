import type { Preview } from '../../shared/operating/previews.ts';
import type { ShownJob, ShownOrder } from '../../shared/operating/shown-job.ts';
import type { Answered } from './function-caller.ts';

/** A content in quarantine, as the answer has it. */
interface ShownContent {
  readonly tenant: string;
  readonly contentType: string;
  readonly contentId: string;
  readonly code: string;
  readonly remedy: string;
  readonly since: string;
  readonly expires: string;
  readonly attempts: number;
}

/** Whether forwarding is paused, and what waits. */
interface ShownStand {
  readonly tenant: string;
  readonly contents: readonly { readonly contentType: string; readonly due: number }[];
  readonly atLeast: boolean;
  readonly paused: readonly { readonly contentType: string; readonly since: string; readonly message: string }[];
}

type WouldOrder = { readonly kind: 'backfill' | 'replay' } & ShownOrder & Preview;
type WouldPause = { readonly kind: 'pause' | 'resume' } & ShownStand;

/** An answer for a person, line by line. */
export function answerLines({ body }: Answered): string[] {
  const { problems, remedy, would, job, jobs, contents, now, changed } = body as {
    readonly problems?: readonly string[];
    readonly remedy?: string;
    readonly would?: WouldOrder | WouldPause;
    readonly job?: ShownJob;
    readonly jobs?: readonly ShownJob[];
    readonly contents?: readonly ShownContent[];
    readonly now?: ShownStand;
    readonly changed?: boolean;
  };
  if (problems) return [...problems.map((problem) => `✖ ${problem}`), ...(remedy ? [`→ ${remedy}`] : [])];
  if (would) return [...wouldLines(would), '', 'Nothing was changed. To do it, add --confirm.'];
  if (job) return [jobLine(job)];
  if (jobs) return jobs.length === 0 ? ['There are no jobs.'] : jobs.map(jobLine);
  if (contents) return contents.length === 0 ? ['Nothing is quarantined.'] : contents.flatMap(quarantineLines);
  if (now) return [changed ? '✔ Done.' : '✔ It was so already.', ...standLines(now)];
  return [JSON.stringify(body)];
}

/** A job in one line. */
export function jobLine({ id, kind, state, tenant, found, done, skipped, note }: ShownJob): string {
  const left = Object.entries(skipped).map(([reason, count]) => `${count} ${reason}`);
  const skips = left.length > 0 ? `, ${left.join(', ')}` : '';
  return `${id}  ${kind} of ${tenant}: ${state}, ${found} found, ${done} opened${skips}${note ? `. ${note}` : ''}`;
}

function wouldLines(would: WouldOrder | WouldPause): string[] {
  if ('paused' in would) {
    const what = would.kind === 'pause' ? 'would stop' : 'would go on';
    return [`Forwarding of tenant ${would.tenant} ${what}.`, ...standLines(would)];
  }
  const { kind, tenant, from, to, contents, total, atLeast, doubledContents, doubledRecords } = would;
  const count = `${atLeast ? 'at least ' : ''}${total}`;
  const does = kind === 'backfill' ? `would collect ${count} contents` : `would send ${count} contents again`;
  // An order by content ids has no beginning.
  const range = from.startsWith('1970-01-01T00:00:00') ? `created before ${to}` : `created from ${from} to ${to}`;
  const lines = contents.map((each) => {
    const expired = each.expired ? `, of which ${each.expired} have expired and would be left out` : '';
    return `  ${each.contentType.padEnd(26)} ${each.state.padEnd(12)} ${each.count}${expired}`;
  });
  const twice = `${doubledContents} contents with ${doubledRecords} records that were accepted before would stand twice in the destination.`;
  return [`A ${kind} of tenant ${tenant}, ${range}, ${does}:`, ...lines, ...(kind === 'replay' ? [twice] : [])];
}

function standLines({ contents, atLeast, paused }: ShownStand): string[] {
  return [
    ...contents.map(
      ({ contentType, due }) => `  ${contentType.padEnd(26)} ${atLeast ? 'at least ' : ''}${due} contents are due`,
    ),
    ...paused.map(({ contentType, since, message }) => `  ${contentType.padEnd(26)} paused since ${since}: ${message}`),
  ];
}

function quarantineLines({
  tenant,
  contentType,
  contentId,
  code,
  remedy,
  since,
  expires,
  attempts,
}: ShownContent): string[] {
  return [
    `${contentId}`,
    `  ${contentType} of ${tenant}: ${code} after ${attempts} attempts, since ${since}, expires ${expires}`,
    `  → ${remedy}`,
  ];
}
