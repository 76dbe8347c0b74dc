import type { ContentType } from '../../simulator/content-types.ts';
import { logIn } from '../../simulator/plain-client.ts';
import type { PublishedContent } from '../../simulator/published-content.ts';
import { createRecordMultiset } from '../../simulator/record-multiset.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import { serve } from './commands.ts';
import { createPreparedDownloads } from './prepared-downloads.ts';
import { startSink } from './sink.ts';
import { createSteadyPublishing } from './steady-publishing.ts';

/** What variants have to know of the services. */
export interface ServicesWorld {
  /** Settings of the collector, storage apart. */
  readonly environment: Readonly<Record<string, string>>;
  /** PEM. */
  readonly caCertificate: string;
  /** For the Management API; good for hours. */
  readonly token: string;
  readonly sinkUrl: string;
}

/** What is published for one round. */
export interface Published {
  readonly uris: readonly string[];
  readonly records: number;
  /** Of the bodies, before compression. */
  readonly bytes: number;
}

/** What has arrived since the last clearing, and what was asked for it. */
export interface Arrived {
  readonly records: number;
  readonly missing: number;
  readonly doubled: number;
  /** Whether exactly the published lines have arrived, each once. */
  readonly sameLines: boolean;
  readonly sinkBytes: number;
  readonly apiRequests: number;
  readonly intakeRequests: number;
  readonly violations: readonly string[];
}

const types: readonly ContentType[] = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
];
/** Listings have whole seconds, so what was made in this one is not listed yet. */
const agoMs = 10_000;
/** Contents with more records are made while they are sent, and never held. */
const mostRecordsPrepared = 100_000;

const simulator = await createSimulator({ seed: 4, tokenLifetimeSeconds: 86_400 });
const { tenant, office, siem } = simulator;
siem.keepRecords = false;
const sink = await startSink();
const downloads = createPreparedDownloads(office);
const steady = createSteadyPublishing(tenant, siem, types);
let expected = createRecordMultiset();

function clearArrivals(): void {
  siem.clear();
  siem.requests.reset();
  siem.violations.length = 0;
  office.requests.reset();
  office.violations.length = 0;
  sink.clear();
}

const commands = {
  async world(): Promise<ServicesWorld> {
    const { token } = await logIn(simulator);
    const environment = { ...simulator.environment(), CONTENT_TYPES: types.join(','), BACKFILL_HOURS: '1' };
    return { environment, caCertificate: simulator.caCertificate, token, sinkUrl: sink.origin };
  },

  /**
   * Takes back what was published before, and publishes so many contents, of all types in turn.
   *
   * @param downloaded whether they are going to be downloaded, and not only listed.
   */
  async publish(contents: number, recordsEach: number, downloaded = true): Promise<Published> {
    tenant.clear();
    downloads.clear();
    expected = createRecordMultiset();
    const published: PublishedContent[] = [];
    let bytes = 0;
    for (let index = 0; index < contents; index += 1) {
      const contentType = types[index % types.length] ?? 'Audit.General';
      const content = tenant.publish({ contentType, createdAt: Date.now() - agoMs, records: recordsEach });
      published.push(content);
      // The body is an array of the lines, with a comma between each two.
      bytes += recordsEach + 1;
      for await (const line of content.expected()) {
        expected.add(line);
        bytes += line.length;
      }
      if (downloaded && recordsEach <= mostRecordsPrepared) await downloads.prepare(content);
    }
    return { uris: published.map((content) => office.contentUri(content)), records: expected.total, bytes };
  },

  clearArrivals,

  /** Takes back what was published before, and publishes at an even rate until told to end. */
  beginPublishing(contentsPerMinute: number, recordsEach: number): void {
    tenant.clear();
    steady.begin(contentsPerMinute, recordsEach);
  },
  endPublishing: steady.end,
  lags: steady.read,

  latency(apiMs: number, intakeMs: number): void {
    office.latencyMs = apiMs;
    siem.latencyMs = intakeMs;
    sink.latencyMs = intakeMs;
  },

  arrived(): Arrived {
    const { multiset } = siem.arrived(tenant);
    const notArrived = expected.beyond(multiset);
    const notPublished = multiset.beyond(expected);
    return {
      records: multiset.total,
      missing: notArrived.surplus + notArrived.foreign,
      doubled: notPublished.surplus,
      sameLines: expected.sha256() === multiset.sha256(),
      sinkBytes: sink.bytes,
      apiRequests: office.requests.total,
      intakeRequests: siem.requests.total + sink.requests,
      violations: [...office.violations, ...siem.violations],
    };
  },
};

/** What the services' process can be told to do. */
export type ServicesCommands = typeof commands;

serve(commands);
