import { median } from './median.ts';
import type { SceneResult, SeenRound } from './scene.ts';
import { number, table } from './table.ts';

const megabyte = 1e6;

/** Throughput, CPU and memory of all variants in all scenes. */
export function costTable(results: readonly SceneResult[]): string {
  const rows = results.map(({ scene, variant, kind, rounds, idleRssBytes }) => {
    const { records, bytes } = rounds[0]?.published ?? { records: 0, bytes: 0 };
    const seconds = medianOf(rounds, (round) => round.wallSeconds);
    const perMillion = 1e6 / records;
    const cpu = medianOf(rounds, (round) => round.cpuSeconds);
    const listing = medianOf(rounds, (round) => round.listCpuSeconds);
    const above = Math.max(...rounds.map(({ peakRssBytes }) => peakRssBytes)) - idleRssBytes;
    return [
      scene.name,
      variant,
      number(records / seconds),
      number(bytes / megabyte / seconds),
      number(cpu * perMillion),
      kind === 'collector' ? number(listing * perMillion) : '',
      number((cpu * 1000) / scene.contents),
      number(above / megabyte),
      number(idleRssBytes / megabyte),
      String(rounds.length),
    ];
  });
  return table(
    [
      'content',
      'variant',
      'records/s',
      'MB/s',
      'CPU s/1M records',
      'of it listing',
      'CPU ms/content',
      'peak MB above idle',
      'idle MB',
      'rounds',
    ],
    rows,
  );
}

/** How many times the records per CPU second of another variant the collector moves, round by round. */
export function cpuRatioTable(results: readonly SceneResult[]): string {
  const rows = comparisons(results).map(({ scene, ours, other }) => [
    scene,
    ours.variant === 'collector' ? other.variant : `${other.variant} (${ours.variant})`,
    number(ratio(ours, other, ({ cpuSeconds }) => cpuSeconds)),
    number(ratio(ours, other, ({ cpuSeconds, listCpuSeconds }) => cpuSeconds - listCpuSeconds)),
  ]);
  return table(['content', 'collector against', 'records per CPU s', 'forwarding alone'], rows);
}

/** How much faster the collector is by the clock than the others. */
export function wallRatioTable(results: readonly SceneResult[]): string {
  const rows = results.map((result) => {
    const ours = results.find(({ scene, kind }) => scene === result.scene && kind === 'collector');
    const isOther = ours !== undefined && ours !== result;
    return [
      result.scene.name,
      result.variant,
      number(medianOf(result.rounds, ({ wallSeconds }) => wallSeconds)),
      number(medianOf(result.rounds, ({ cpuSeconds, listCpuSeconds }) => cpuSeconds - listCpuSeconds)),
      isOther ? number(ratio(ours, result, ({ wallSeconds }) => wallSeconds)) : '',
    ];
  });
  return table(['content', 'variant', 'seconds', 'CPU s', 'collector times as fast'], rows);
}

/** Requests and storage operations for each content. */
export function requestTable(results: readonly SceneResult[]): string {
  const rows = results.map(({ scene, variant, rounds }) => {
    const each = (value: (round: SeenRound) => number | undefined) => {
      const found = medianOf(rounds, (round) => (value(round) ?? Number.NaN) / scene.contents);
      return Number.isNaN(found) ? '' : found.toFixed(2);
    };
    return [
      scene.name,
      variant,
      each(({ arrived }) => arrived.apiRequests),
      each(({ arrived }) => arrived.intakeRequests),
      each(({ storage }) => storage?.list.table),
      each(({ storage }) => storage?.forward.table),
      each(({ storage }) => storage && storage.list.entities + storage.forward.entities),
      each(({ storage }) => storage && storage.list.sends + storage.forward.sends),
    ];
  });
  return table(
    [
      'content',
      'variant',
      'API',
      'intake',
      'table operations: listing and dispatch',
      'forwarding',
      'rows in transactions',
      'sends',
    ],
    rows,
  );
}

function comparisons(results: readonly SceneResult[]) {
  const collectors = results.filter(({ kind }) => kind === 'collector');
  return collectors.flatMap((ours) =>
    results
      .filter(({ scene, variant }) => scene === ours.scene && variant !== ours.variant)
      .map((other) => ({ scene: ours.scene.name, ours, other })),
  );
}

/** Of the other's to ours, in the same round each. */
function ratio(ours: SceneResult, other: SceneResult, value: (round: SeenRound) => number): number {
  return median(
    ours.rounds.flatMap((round, index) => {
      const theirs = other.rounds[index];
      return theirs ? [value(theirs) / value(round)] : [];
    }),
  );
}

function medianOf(rounds: readonly SeenRound[], value: (round: SeenRound) => number): number {
  return median(rounds.map(value));
}
