/** Loops as the default model makes them: fire, rain, wind, engines, water; three takes of each. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import { loopRegion } from '../../runtime/loop-region.ts';
import { findLoopSeam } from '../../runtime/loop-seam.ts';
import { crossfadeLevel, longestHole, seamFlux, seamStep } from '../reference/loops.ts';

const PROMPTS = [
  'a campfire crackling',
  'heavy rain on a roof',
  'wind howling through trees',
  'engine hum of a machine running',
  'a fridge humming',
  'helicopter rotor',
  'a small stream of water flowing',
];
const SEEDS = [0, 1, 2];

let node: NodePipeline;
/** Of each loop, beside the greatest inside it. */
const fluxes: number[] = [];
beforeAll(async () => {
  node = await openNodePipeline('models/foley-tiny');
});
afterAll(() => node.pipeline.dispose());

async function loopOf(prompt: string, seed: number) {
  const { sampling, sampleRate } = node.pack.manifest;
  const request = { ...sampling, id: 1, prompt, seed, duration: 4, loop: true, priority: 0 };
  const take = await node.pipeline.generate(request, { wantsIntermediates: true });
  const raw = take.intermediates?.rawPcm ?? new Float32Array(0);
  const { start, end } = loopRegion(raw, sampleRate);
  return { loop: take.pcm, raw, clip: raw.subarray(start, end), sampleRate };
}

/** The seam that finishing finds. */
function seamOf({ clip, sampleRate }: { clip: Float32Array; sampleRate: number }) {
  const crossfade = Math.floor(Math.min(sampleRate / 4, clip.length / 4));
  const longest = Math.min(4 * sampleRate, clip.length - crossfade);
  return findLoopSeam(clip, { sampleRate, longest, crossfade });
}

describe.each(PROMPTS)('%s', (prompt) => {
  test.each(SEEDS)(
    'seed %i closes without a click, a hole or a change in loudness',
    async (seed) => {
      const made = await loopOf(prompt, seed);
      const { loop, clip, sampleRate } = made;
      expect(seamStep(loop)).toBeLessThanOrEqual(1);
      const flux = seamFlux(loop);
      fluxes.push(flux);
      expect(flux).toBeLessThan(2);
      expect(Math.abs(crossfadeLevel(loop, clip, seamOf(made)))).toBeLessThan(1);
      expect(longestHole(loop, sampleRate)).toBeLessThan(0.3);
    },
  );
});

test('nine seams of ten change less than the loop does inside', () => {
  expect(fluxes).toHaveLength(PROMPTS.length * SEEDS.length);
  expect(fluxes.filter((flux) => flux >= 1).length).toBeLessThanOrEqual(fluxes.length / 10);
});

test('as it is made, a transformer falls silent for longer: the bound on holes can fail', async () => {
  const { raw, loop, sampleRate } = await loopOf('buzzing transformer', 3);
  expect(longestHole(raw, sampleRate)).toBeGreaterThan(0.8);
  expect(longestHole(loop, sampleRate)).toBeLessThan(0.3);
});

test('a clock keeps its pauses, none longer than those inside', async () => {
  for (const seed of SEEDS) {
    const { loop, sampleRate } = await loopOf('a wall clock ticking', seed);
    const hole = longestHole(loop, sampleRate);
    expect(hole).toBeGreaterThan(0.15);
    expect(hole).toBeLessThan(0.6);
  }
});
