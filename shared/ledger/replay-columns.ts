/** That a content was opened again by order, although it had been settled: what it had sent stands in the destination once more. */
export interface Replay {
  /** The job that did it last. */
  readonly job: string;
  readonly times: number;
  /** Records that had been accepted by then; all times together. */
  readonly records: number;
}

/** The columns that say so, through all states that come after; a content that was never replayed has none of them. */
export interface ReplayColumns {
  replayJob?: string;
  replayed?: number;
  replayedRecords?: number;
}

export function replayColumns(replay: Replay | undefined): ReplayColumns {
  if (!replay) return {};
  return { replayJob: replay.job, replayed: replay.times, replayedRecords: replay.records };
}

export function readReplay({ replayJob, replayed = 1, replayedRecords = 0 }: ReplayColumns): { replay?: Replay } {
  return replayJob === undefined ? {} : { replay: { job: replayJob, times: replayed, records: replayedRecords } };
}

/** A replay as a queue message carries it; nothing where it has none. */
export function readReplayField(value: unknown): { replay?: Replay } {
  if (typeof value !== 'object' || value === null) return {};
  const { job, times, records } = value as Record<string, unknown>;
  if (typeof job !== 'string' || typeof times !== 'number' || typeof records !== 'number') return {};
  return { replay: { job, times, records } };
}
