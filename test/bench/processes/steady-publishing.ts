import type { ContentType } from '../../simulator/content-types.ts';
import type { Siem } from '../../simulator/siem.ts';
import type { SimulatedTenant } from '../../simulator/simulated-tenant.ts';

/** A tenant that publishes at an even rate, each content listed at once, and how long each took to arrive. */
export interface SteadyPublishing {
  begin(contentsPerMinute: number, recordsEach: number): void;
  end(): void;
  read(): Lags;
}

/** How long contents took from being listed to the acceptance of their last record. */
export interface Lags {
  readonly published: number;
  /** In milliseconds, of those that have arrived. */
  readonly arrivedMs: readonly number[];
}

export function createSteadyPublishing(
  tenant: SimulatedTenant,
  siem: Siem,
  types: readonly ContentType[],
): SteadyPublishing {
  const awaited = new Map<string, number>();
  const arrivedMs: number[] = [];
  let published = 0;
  let timer: NodeJS.Timeout | undefined;
  const keyOf = (line: Buffer): string => line.toString('latin1');

  siem.onBatch(({ lines }) => {
    if (awaited.size === 0) return;
    const now = Date.now();
    for (const line of lines) {
      const listedAt = awaited.get(keyOf(line));
      if (listedAt === undefined) continue;
      awaited.delete(keyOf(line));
      arrivedMs.push(now - listedAt);
    }
  });

  return {
    begin(contentsPerMinute, recordsEach) {
      const began = Date.now();
      const everyMs = 60_000 / contentsPerMinute;
      timer = setInterval(() => {
        // A late tick is made up for, so that the rate is what it should be.
        while (began + published * everyMs <= Date.now()) {
          const contentType = types[published % types.length] ?? 'Audit.General';
          const content = tenant.publish({ contentType, createdAt: Date.now(), records: recordsEach });
          const last = content.records.at(-1);
          if (last) awaited.set(keyOf(last), content.visibleFrom);
          published += 1;
        }
      }, everyMs / 2);
    },
    end() {
      clearInterval(timer);
    },
    read: () => ({ published, arrivedMs }),
  };
}
