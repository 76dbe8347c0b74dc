import type { OperationCounts } from './operation-counts.ts';
import type { Published } from './processes/services.ts';

/** What is compared. */
export const variantNames = ['collector', 'naive', 'naive-gzip', 'relay'] as const;
export type VariantName = (typeof variantNames)[number];

/** What one variant spent on the contents of one round. */
export interface Round {
  /** Of the variant's process, everything included. */
  readonly cpuSeconds: number;
  /** The part of it that went into listing, the ledger and dispatch; 0 for a variant that is told its contents. */
  readonly listCpuSeconds: number;
  /** Download to acceptance of all contents, without listing. */
  readonly wallSeconds: number;
  readonly peakRssBytes: number;
  /** Of a variant that has a ledger: while listing, and while forwarding. */
  readonly storage?: { readonly list: OperationCounts; readonly forward: OperationCounts };
}

/** A way to get contents from the API to their destination, in processes of its own. */
export interface Variant {
  readonly name: string;
  readonly kind: VariantName;
  /** Resident memory once it had forwarded a first content. */
  readonly idleRssBytes: number;
  /** What its process reported unasked. */
  readonly reports: readonly string[];
  /** @param profileFile where a CPU profile of forwarding goes. */
  round(published: Published, profileFile?: string): Promise<Round>;
  stop(): Promise<void>;
}
