import { join } from 'node:path';
import { type CollectorOptions, startCollector } from './collector-variant.ts';
import type { Child } from './processes/child.ts';
import type { Arrived, Published, ServicesCommands, ServicesWorld } from './processes/services.ts';
import { startToldVariant } from './told-variant.ts';
import type { Round, Variant, VariantName } from './variant.ts';

/** Real milliseconds that every answer takes at least. */
export interface Latency {
  readonly apiMs: number;
  readonly intakeMs: number;
}

/** Contents of one size, forwarded by several variants in turn. */
export interface Scene {
  readonly name: string;
  readonly recordsEach: number;
  readonly contents: number;
  readonly rounds: number;
  readonly variants: readonly VariantName[];
  readonly latency: Latency;
  /** Builds of the app to be compared, by name; the first is ours. */
  readonly apps: Readonly<Record<string, string>>;
  /** Where CPU profiles go. */
  readonly profiles: string | undefined;
}

/** A round with what it was about and what came of it. */
export interface SeenRound extends Round {
  readonly published: Published;
  readonly arrived: Arrived;
}

/** All rounds of one variant in a scene. */
export interface SceneResult {
  readonly scene: Scene;
  readonly variant: string;
  readonly kind: VariantName;
  readonly idleRssBytes: number;
  readonly rounds: readonly SeenRound[];
}

/** Where the scenes are played. */
export interface Stage {
  readonly services: Child<ServicesCommands>;
  readonly world: ServicesWorld;
  /** Settings of the collector, storage apart. */
  readonly environment: CollectorOptions['environment'];
  /** Told what went wrong; the benchmark then fails. */
  problem(text: string): void;
}

const warmUpRecords = 50;

/** Plays a scene: each round publishes anew, and each variant forwards all of it, in another order each time. */
export async function playScene(scene: Scene, stage: Stage): Promise<SceneResult[]> {
  const { services, problem } = stage;
  await services.call('latency', 0, 0);
  const warmUp = await services.call('publish', 1, warmUpRecords);
  const variants = await startVariants(scene, stage, warmUp);
  const results = variants.map((variant) => ({ variant, rounds: [] as SeenRound[] }));
  try {
    await services.call('latency', scene.latency.apiMs, scene.latency.intakeMs);
    for (let round = 0; round < scene.rounds; round += 1) {
      const published = await services.call('publish', scene.contents, scene.recordsEach);
      const turn = round % results.length;
      for (const { variant, rounds } of [...results.slice(turn), ...results.slice(0, turn)]) {
        await services.call('clearArrivals');
        const profile = scene.profiles && join(scene.profiles, `${variant.name}-${scene.name}-${round + 1}.cpuprofile`);
        const seen = await variant.round(published, profile).catch((error: unknown) => {
          problem(`${scene.name}, ${variant.name}: ${String(error)}`);
        });
        const arrived = await services.call('arrived');
        const wrong = whatIsWrong(variant, published, arrived);
        if (wrong) problem([`${scene.name}, ${variant.name}: ${wrong}`, ...variant.reports].join('\n  '));
        if (seen) rounds.push({ ...seen, published, arrived });
      }
    }
  } finally {
    await Promise.all(variants.map((variant) => variant.stop()));
  }
  return results.map(({ variant, rounds }) => ({
    scene,
    variant: variant.name,
    kind: variant.kind,
    idleRssBytes: variant.idleRssBytes,
    rounds,
  }));
}

function startVariants(scene: Scene, { world, environment }: Stage, warmUp: Published): Promise<Variant[]> {
  const starting = scene.variants.flatMap((kind) =>
    kind === 'collector'
      ? Object.entries(scene.apps).map(([name, app]) => startCollector({ name, app, environment, warmUp }))
      : [startToldVariant(kind, world, warmUp)],
  );
  return Promise.all(starting);
}

/** What was lost, doubled or done against the rules. The naive may write a record anew, and the relay knows only bytes. */
function whatIsWrong({ kind }: Variant, published: Published, arrived: Arrived): string | undefined {
  const { records, missing, doubled, sameLines, sinkBytes, violations } = arrived;
  if (kind === 'relay') {
    return sinkBytes === published.bytes ? undefined : `${sinkBytes} of ${published.bytes} bytes have arrived`;
  }
  if (records !== published.records) return `${records} of ${published.records} records have arrived`;
  if (kind === 'collector' && !sameLines) return `${missing} records are missing, ${doubled} doubled`;
  if (kind === 'collector' && violations.length > 0) return violations.slice(0, 3).join('; ');
  return doubled > 0 ? `${doubled} records are doubled` : undefined;
}
