import type { SimulatedCloud } from './clouds.ts';
import type { ContentShapeName } from './content-shapes.ts';
import { createContentStore } from './content-store.ts';
import { type ContentType, contentTypeInIds, readDlpRole, readRole } from './content-types.ts';
import { digitsOf, type Instant, millisecondsOf } from './instant.ts';
import { createPublishedContent, type PublishedContent, type RecordSource } from './published-content.ts';
import { createRandom, mixSeeds } from './random.ts';
import type { RecordPress } from './records/record-press.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

/** A content to be published. */
export interface Publication {
  readonly contentType: ContentType;
  /** contentCreated. */
  readonly createdAt: Instant;
  /** When it begins to be listed; default `createdAt`. */
  readonly visibleFrom?: Instant;
  /** contentExpiration; default seven days after `createdAt`. */
  readonly expiresAt?: Instant;
  /** So many generated records, or these; default 10. With `body`, the lines that must arrive for it. */
  readonly records?: number | readonly Buffer[];
  /** Records made when they are needed, each time the same. */
  readonly stream?: RecordSource;
  /** Default `compact`. */
  readonly shape?: ContentShapeName;
  /** The whole body as it is; without `records` nothing must arrive for it. */
  readonly body?: Buffer;
}

/** A federated credential of the app registration. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
}

/** A Microsoft 365 tenant with its app registration, its subscriptions and its audit log. */
export interface SimulatedTenant {
  readonly name: string;
  readonly domain: string;
  /** Where the tenant lives; tokens and assertions of another cloud are refused. */
  readonly cloud: SimulatedCloud;
  readonly tenantId: string;
  readonly clientId: string;
  clientSecret: string;
  readonly intakeKey: string;
  /** Application permissions with admin consent; they show in tokens given from now on. */
  roles: string[];
  /** PEM certificates registered with the app. */
  readonly certificates: string[];
  readonly federatedCredentials: FederatedCredential[];
  /** Unified auditing; off gives the broken envelope. */
  auditing: boolean;
  /** Content types that answer 401 with an empty body. */
  readonly refusedTypes: Set<ContentType>;
  readonly subscriptions: Subscriptions;
  /** Everything published, in that order. */
  readonly contents: readonly PublishedContent[];
  publish(publication: Publication): PublishedContent;
  /** Content ids that are listed but answer AF20050 for ever. */
  readonly lost: Set<string>;
  find(contentId: string): PublishedContent | undefined;
  createdBetween(contentType: ContentType, from: number, to: number): PublishedContent[];
  /** Every line that must arrive, content after content; lost contents do not count. */
  records(): Buffer[];
  /** Takes back everything published so far: it is neither listed nor handed out any more. */
  clear(): void;
}

const week = 7 * 86_400_000;
const regions = ['emea0012', 'na0045', 'apac0007'] as const;

/** The tenant with this number; everything about it follows from the seed. */
export function createTenant(
  seed: number,
  index: number,
  press: RecordPress,
  now: () => number,
  cloud: SimulatedCloud = 'worldwide',
): SimulatedTenant {
  const tenantSeed = mixSeeds(seed, index);
  const random = createRandom(tenantSeed);
  const store = createContentStore();
  const name = `tenant-${index + 1}`;
  const organization = `contoso${String(index + 1).padStart(4, '0')}`;
  const domain = `${organization}.onmicrosoft.com`;
  const tenantId = random.guid();
  let ordinal = 0;

  function nameContent(contentType: ContentType, createdAt: number): string {
    const stamp = `${digitsOf(createdAt)}${String(ordinal % 1_000_000).padStart(6, '0')}`;
    return `${stamp}$${stamp}$${contentTypeInIds(contentType)}$${regions[ordinal % regions.length]}`;
  }

  const tenant: SimulatedTenant = {
    name,
    domain,
    cloud,
    tenantId,
    clientId: random.guid(),
    clientSecret: `${random.hex8()}~${random.guid()}`,
    intakeKey: `intake-${random.guid()}`,
    roles: [readRole, readDlpRole],
    certificates: [],
    federatedCredentials: [],
    auditing: true,
    refusedTypes: new Set(),
    subscriptions: createSubscriptions(),
    contents: store.all,
    lost: new Set(),
    publish({ contentType, records, stream, shape = 'compact', body, ...times }) {
      ordinal += 1;
      const createdAt = millisecondsOf(times.createdAt, now);
      const wanted = typeof records === 'number' ? records : 10;
      const number = ordinal;
      const generated: RecordSource = () =>
        press.records({
          contentType,
          tenantId,
          organization,
          seed: tenantSeed,
          content: number,
          createdAt,
          count: wanted,
        });
      const given = typeof records === 'object' ? records : undefined;
      const source = stream ?? (given ? () => given : body ? () => [] : generated);
      const count = stream ? undefined : (given?.length ?? wanted);
      const content = createPublishedContent({
        tenantId,
        contentId: nameContent(contentType, createdAt),
        contentType,
        createdAt,
        visibleFrom: millisecondsOf(times.visibleFrom ?? createdAt, now),
        expiresAt: millisecondsOf(times.expiresAt ?? createdAt + week, now),
        shape,
        source,
        ...(count === undefined ? {} : { count }),
        ...(body ? { rawBody: { bytes: body, wellFormed: given !== undefined } } : {}),
      });
      store.add(content);
      return content;
    },
    find: store.find,
    createdBetween: store.createdBetween,
    records: () => tenant.contents.filter(({ contentId }) => !tenant.lost.has(contentId)).flatMap((c) => c.records),
    clear: store.clear,
  };
  return tenant;
}
