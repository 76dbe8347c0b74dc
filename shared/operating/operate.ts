import { CollectorError } from '../errors.ts';
import type { Order } from '../ledger/jobs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Pauses } from '../resilience/pauses.ts';
import type { Storage } from '../storage/storage.ts';
import { storageFault } from '../storage/storage-faults.ts';
import type { Run } from '../telemetry/run.ts';
import type { World } from '../world.ts';
import { type Answer, failure, Problems, refusal } from './answer.ts';
import { createHandPauses } from './hand-pauses.ts';
import type { OperatedTenant } from './job-run.ts';
import { type Preview, previewBackfill, previewReplay } from './previews.ts';
import { listQuarantine } from './quarantine-list.ts';
import { backfillOrder, readRequest, replayOrder, tenantOf } from './read-request.ts';
import { shownJob, shownOrder } from './shown-job.ts';

/**
 * What an administrator can ask for and order. Each answers a request's fields, which nobody has checked. An order without
 * `confirm: true` is answered with what it would do, and changes nothing.
 */
export interface Operate {
  /** Orders that an interval is listed anew. */
  backfill(fields: unknown, run: Run): Promise<Answer>;
  /** Orders that settled contents are sent again. */
  replay(fields: unknown, run: Run): Promise<Answer>;
  /** Stops forwarding for a tenant or one of its types, until it is resumed. */
  pause(fields: unknown, run: Run): Promise<Answer>;
  resume(fields: unknown, run: Run): Promise<Answer>;
  /** What is set aside, and why. */
  quarantine(fields: unknown): Promise<Answer>;
  /** All orders of the last days, latest first. */
  jobs(): Promise<Answer>;
  /** Ends an order; what it has opened stays open. */
  cancelJob(id: string): Promise<Answer>;
}

/** A gateway in front of the app gives up after 230 seconds; counting ends well before. */
const countingMs = 45_000;

export function createOperate(
  tenants: readonly OperatedTenant[],
  ledger: Ledger,
  pauses: Pauses,
  storage: Pick<Storage, 'ensure'>,
  { now }: Pick<World, 'now'>,
): Operate {
  const handPauses = createHandPauses(ledger, pauses);

  /** An order can be the first thing that anybody does here, before a timer has made the table. */
  const answering = (work: () => Promise<Answer>): Promise<Answer> =>
    answered(async () => {
      await storage.ensure();
      return await work();
    });

  async function orderOrPreview(
    order: Order,
    confirm: boolean,
    tenant: OperatedTenant,
    preview: () => Promise<Preview>,
  ): Promise<Answer> {
    if (confirm) return { status: 202, body: { job: shownJob(await ledger.createJob(order), tenants) } };
    const would = { ...shownOrder(order, tenant), ...(await preview()) };
    return { status: 200, body: { would, toDoIt: 'Send the same request with "confirm": true.' } };
  }

  return {
    backfill: (fields, { signal }) =>
      answering(async () => {
        const request = readRequest('backfill', fields);
        const tenant = tenantOf(tenants, request.tenant);
        const order = backfillOrder(request, tenant.settings, now());
        const limit = AbortSignal.any([signal, AbortSignal.timeout(countingMs)]);
        return await orderOrPreview(order, request.confirm, tenant, async () => {
          await pauses.refresh();
          return await previewBackfill(order, tenant, ledger, pauses, limit);
        });
      }),

    replay: (fields, { signal }) =>
      answering(async () => {
        const request = readRequest('replay', fields);
        const tenant = tenantOf(tenants, request.tenant);
        const order = replayOrder(request, tenant.settings, now());
        const limit = AbortSignal.any([signal, AbortSignal.timeout(countingMs)]);
        return await orderOrPreview(order, request.confirm, tenant, () => previewReplay(order, ledger, now(), limit));
      }),

    pause: (fields, run) =>
      answering(async () => {
        const request = readRequest('pause', fields);
        await pauses.refresh();
        return await handPauses.pause(request, tenantOf(tenants, request.tenant).settings, run);
      }),

    resume: (fields, run) =>
      answering(async () => {
        const request = readRequest('resume', fields);
        await pauses.refresh();
        return await handPauses.resume(request, tenantOf(tenants, request.tenant).settings, run);
      }),

    quarantine: (fields) => answering(() => listQuarantine(readRequest('quarantine', fields), tenants, ledger)),

    jobs: () =>
      answering(async () => {
        const jobs = await ledger.listJobs();
        return { status: 200, body: { jobs: jobs.map((job) => shownJob(job, tenants)).reverse() } };
      }),

    cancelJob: (id) =>
      answering(async () => {
        const job = /^[\w-]{1,60}$/.test(id) ? await ledger.cancelJob(id) : undefined;
        if (!job) return { status: 404, body: { problems: ['There is no job of this id; see GET /api/jobs.'] } };
        return { status: 200, body: { job: shownJob(job, tenants) } };
      }),
  };
}

/** What is wrong with a request, or stands in its way, is an answer too. */
export async function answered(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problems) return refusal(error.problems);
    const fault = error instanceof CollectorError ? error : storageFault(error);
    if (fault) return failure(fault);
    throw error;
  }
}
