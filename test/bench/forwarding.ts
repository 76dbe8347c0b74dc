import type { Arguments } from './arguments.ts';
import { ownApp } from './remote-host.ts';
import { playScene, type SceneResult, type Stage } from './scene.ts';
import { sizes } from './sizes.ts';

/** Forwards contents of each size by each variant, as fast as the machine goes. */
export async function benchForwarding(
  { quick, sizes: wanted, variants, rounds, apps, profiles }: Arguments,
  stage: Stage,
  note: (line: string) => void,
): Promise<SceneResult[]> {
  const results: SceneResult[] = [];
  for (const size of sizes.filter(({ name }) => wanted.includes(name))) {
    const contents = quick ? size.quickContents : size.contents;
    if (contents === 0) continue;
    const reason = size.tooLargeToParse;
    if (reason) note(`${size.name}: the naive collectors are left out: ${reason}.`);
    const scene = {
      name: size.name,
      recordsEach: size.recordsEach,
      contents,
      rounds: rounds ?? (quick ? 1 : size.rounds),
      variants: variants.filter((variant) => !(reason && variant.startsWith('naive'))),
      latency: { apiMs: 0, intakeMs: 0 },
      apps: { collector: ownApp, ...apps },
      profiles,
    };
    results.push(...(await playScene(scene, stage)));
  }
  return results;
}
