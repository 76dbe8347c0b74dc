import * as z from 'zod';
import type { Order } from '../ledger/jobs.ts';
import type { SettledState } from '../ledger/keys.ts';
import { reachMs } from '../listing/listing-plan.ts';
import { type ContentType, contentTypes, type TenantSettings } from '../settings/settings.ts';
import { Problems } from './answer.ts';

/** The states in which a replay can find a content, in the order in which it goes through them. */
export const replayStates = ['forwarded', 'gone', 'expired', 'quarantined'] as const satisfies readonly SettledState[];
const usualStates: readonly SettledState[] = ['forwarded', 'quarantined'];
/** An order stands in one row of the table. */
const maxContentIds = 200;
const maxIdsLength = 24_000;

const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?$/;
/** Made with the first request: every start of the app would pay for them. */
function makeSchemas() {
  const time = z
    .string('is not a text.')
    .refine(
      (text) => isoTime.test(text) && !Number.isNaN(parseTime(text)),
      'is not a time such as 2026-11-20T10:00:00Z.',
    )
    .transform(parseTime);
  const name = z.string('has to be the name or id of a tenant in the settings.').trim().min(1, 'is empty.').max(200);
  const contentType = z.enum(contentTypes, `is none of ${contentTypes.join(', ')}.`).optional();
  const text = (most: number) =>
    z
      .string('is not a text.')
      .trim()
      .max(most, `has more than ${most} characters.`)
      // It comes to stand in logs and in a table.
      .regex(/^\P{Cc}*$/u, 'has control characters.')
      .optional();
  const confirm = z.boolean('is neither true nor false.').default(false);

  return {
    backfill: strict({ tenant: name, contentType, from: time, to: time.optional(), confirm }),
    replay: strict({
      tenant: name,
      contentType,
      from: time.optional(),
      to: time.optional(),
      states: z
        .array(z.enum(replayStates, `is none of ${replayStates.join(', ')}.`), 'is not a list.')
        .min(1, 'is an empty list.')
        .optional(),
      contentIds: z
        .array(z.string('is not a text.').min(1, 'is empty.'), 'is not a list.')
        .min(1, 'is an empty list.')
        .max(maxContentIds, `names more than ${maxContentIds} contents: order them in parts.`)
        .refine((ids) => ids.join('').length <= maxIdsLength, 'is too long in all: order them in parts.')
        .optional(),
      confirm,
    }),
    pause: strict({ tenant: name, contentType, reason: text(200), by: text(100), confirm }),
    resume: strict({ tenant: name, contentType, confirm }),
    quarantine: strict({ tenant: name.optional(), contentType, continuation: text(2_000) }),
  };
}

type Schemas = ReturnType<typeof makeSchemas>;
let schemas: Schemas | undefined;

/** The fields of each request, as they are understood. */
export type Requests = { readonly [Kind in keyof Schemas]: z.output<Schemas[Kind]> };

/** Reads the fields of a request. @throws Problems with a sentence for each that is wrong. */
export function readRequest<Kind extends keyof Requests>(kind: Kind, fields: unknown): Requests[Kind] {
  schemas ??= makeSchemas();
  const result = schemas[kind].safeParse(fields);
  if (result.success) return result.data as Requests[Kind];
  throw new Problems(
    result.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' ')),
  );
}

/** The tenant of that name or id. @throws Problems when the settings have none, or several of that name. */
export function tenantOf<T extends { readonly settings: TenantSettings }>(tenants: readonly T[], wanted: string): T {
  const text = wanted.toLowerCase();
  const byId = tenants.filter(({ settings }) => settings.tenantId === text);
  const [found, another] =
    byId.length > 0 ? byId : tenants.filter(({ settings }) => settings.name.toLowerCase() === text);
  if (found && !another) return found;
  if (found) throw new Problems(['tenant is the name of several tenants in the settings: give the id.']);
  throw new Problems(['tenant is neither the name nor the id of a tenant in the settings.']);
}

/** The content types meant: the one given, or all of the tenant. @throws Problems when it is not collected. */
export function typesOf(settings: TenantSettings, wanted: ContentType | undefined): readonly ContentType[] {
  if (wanted === undefined) return settings.contentTypes;
  if (settings.contentTypes.includes(wanted)) return [wanted];
  throw new Problems([`contentType ${wanted} is not collected for this tenant; CONTENT_TYPES has to name it.`]);
}

/** What is to be listed anew. @throws Problems */
export function backfillOrder(request: Requests['backfill'], settings: TenantSettings, now: number): Order {
  const [from, to] = [wholeSeconds(request.from), wholeSeconds(request.to ?? now)];
  const earliest = Math.ceil((now - reachMs) / 1000) * 1000;
  const problems = timeProblems(from, to, now);
  if (from < earliest)
    problems.push(`from is too early: the API reaches 7 days back, at present to ${isoSeconds(earliest)}.`);
  if (problems.length > 0) throw new Problems(problems);
  const contentTypes = typesOf(settings, request.contentType);
  return { kind: 'backfill', tenantId: settings.tenantId, contentTypes, from, to, states: [], contentIds: [] };
}

/** What is to be sent again. @throws Problems */
export function replayOrder(request: Requests['replay'], settings: TenantSettings, now: number): Order {
  const contentIds = [...new Set(request.contentIds ?? [])];
  if (request.from === undefined && contentIds.length === 0)
    throw new Problems(['from is missing: give a time range, or contentIds.']);
  const [from, to] = [request.from ?? 0, request.to ?? now];
  const problems = timeProblems(from, to, now);
  if (problems.length > 0) throw new Problems(problems);
  const wanted = request.states ?? (contentIds.length > 0 ? replayStates : usualStates);
  const states = replayStates.filter((state) => wanted.includes(state));
  const contentTypes = typesOf(settings, request.contentType);
  return { kind: 'replay', tenantId: settings.tenantId, contentTypes, from, to, states, contentIds };
}

function timeProblems(from: number, to: number, now: number): string[] {
  return [...(to > now ? ['to lies in the future.'] : []), ...(from >= to ? ['from is not before to.'] : [])];
}

function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `The request has fields that are not known: ${issue.keys.join(', ')}. Known are ${known}.`
        : 'The request is not a JSON object.',
  });
}

/** Without a zone it is UTC, as everywhere in the API. */
function parseTime(text: string): number {
  return Date.parse(/T/.test(text) && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text);
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** A time for people: UTC, whole seconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
