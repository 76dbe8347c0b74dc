import type { Arguments } from './arguments.ts';
import { ownApp } from './remote-host.ts';
import { playScene, type SceneResult, type Stage } from './scene.ts';
import { sizes } from './sizes.ts';

/** About what the real services take. */
const latency = { apiMs: 100, intakeMs: 50 };
const measuredSizes = ['50', '500'];
const rounds = 3;

/** Forwards with the latencies of the real services simulated, against a collector that works on one content at a time. */
export async function benchLatency(args: Arguments, stage: Stage): Promise<SceneResult[]> {
  const results: SceneResult[] = [];
  const wanted = sizes.filter(({ name }) => measuredSizes.includes(name) && args.sizes.includes(name));
  for (const size of args.quick ? wanted.slice(0, 1) : wanted) {
    const scene = {
      name: size.name,
      recordsEach: size.recordsEach,
      contents: args.quick ? size.quickContents : size.contents,
      rounds: args.rounds ?? (args.quick ? 1 : rounds),
      variants: (['collector', 'naive'] as const).filter((variant) => args.variants.includes(variant)),
      latency,
      apps: { collector: ownApp, ...args.apps },
      profiles: undefined,
    };
    results.push(...(await playScene(scene, stage)));
  }
  return results;
}
