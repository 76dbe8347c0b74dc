/** When a content came by where, milliseconds since 1970. */
export interface Stations {
  /** CreationTime of its first record; undefined when that could not be read. */
  readonly event: number | undefined;
  /** contentCreated. */
  readonly created: number;
  /** First seen in a listing. */
  readonly listed: number;
  /** When the attempt began that forwarded it. */
  readonly started: number;
  readonly accepted: number;
}

/**
 * How long contents took, in seconds to a tenth: the largest and the mean value of the whole way, and of each of its parts. Missing
 * while no content has arrived.
 */
export interface LagFields {
  /** From contentCreated to acceptance: what the product answers for, and listing that Microsoft made possible late. */
  readonly maxLagSeconds?: number;
  readonly meanLagSeconds?: number;
  /** From the first record's own time to contentCreated: Microsoft's part. */
  readonly maxPublishSeconds?: number;
  readonly meanPublishSeconds?: number;
  /** Of how many contents the part before contentCreated is known. */
  readonly publishContents?: number;
  /** From contentCreated to its first listing. */
  readonly maxListSeconds?: number;
  readonly meanListSeconds?: number;
  /** From listing to the start of the attempt that forwarded it: queue, pauses, and attempts that failed. */
  readonly maxWaitSeconds?: number;
  readonly meanWaitSeconds?: number;
  /** From there to acceptance of the last record. */
  readonly maxSendSeconds?: number;
  readonly meanSendSeconds?: number;
}

/** Gathers the lag of many contents. */
export interface LagSums {
  add(stations: Stations): void;
  readonly fields: LagFields;
}

interface Spread {
  sum: number;
  most: number;
  count: number;
}

export function createLagSums(): LagSums {
  const spread = (): Spread => ({ sum: 0, most: 0, count: 0 });
  const [lag, publish, list, wait, send] = [spread(), spread(), spread(), spread(), spread()];

  /** The clocks of Microsoft, of storage and of this instance differ: what would be negative is 0. */
  function note(into: Spread, from: number, to: number): void {
    const ms = Math.max(0, to - from);
    into.sum += ms;
    into.most = Math.max(into.most, ms);
    into.count += 1;
  }

  return {
    add({ event, created, listed, started, accepted }) {
      note(lag, created, accepted);
      if (event !== undefined) note(publish, event, created);
      note(list, created, listed);
      note(wait, listed, started);
      note(send, started, accepted);
    },

    get fields() {
      if (lag.count === 0) return {};
      const published =
        publish.count === 0 ? {} : { maxPublishSeconds: most(publish), meanPublishSeconds: mean(publish) };
      return {
        maxLagSeconds: most(lag),
        meanLagSeconds: mean(lag),
        ...published,
        publishContents: publish.count,
        maxListSeconds: most(list),
        meanListSeconds: mean(list),
        maxWaitSeconds: most(wait),
        meanWaitSeconds: mean(wait),
        maxSendSeconds: most(send),
        meanSendSeconds: mean(send),
      };
    },
  };
}

function most({ most }: Spread): number {
  return seconds(most);
}

function mean({ sum, count }: Spread): number {
  return seconds(sum / count);
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
