/** Between canaries; what the options do is tested with runtime/sampler.ts, in test/runtime/sampler.test.ts. */
import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/sampling.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();

interface Case extends twin.Draw {
  guidanceScale: number;
}

const SETTINGS: Case[] = [
  { temperature: 0, topK: 0, topP: 0 },
  { temperature: 1, topK: 0, topP: 0 },
  { temperature: 0.7, topK: 5, topP: 0.9 },
  { temperature: 3, topK: 1000, topP: 1 },
].map((draw, i) => ({ ...draw, guidanceScale: 3.3, seed: 2 ** 32 - 1 - i, step: i, codebook: i }));

/** @param uncond none by default */
function sample(logits: Float32Array, options: Case, uncond?: Float32Array): number {
  const size = logits.length;
  const arrays = {
    ...{ logits, uncond: uncond ?? new Float32Array(0) },
    entries: new Uint32Array(2 * size),
    work: new Uint32Array(2 * size + 256),
    weights: new Float32Array(size),
    block: new Uint32Array(4),
  };
  const { returned, after } = guarded(kernels, arrays, (at) =>
    kernels.call.sampleCodebook(
      ...([at.logits, uncond ? at.uncond : 0, size, options.guidanceScale] as const),
      ...([options.temperature, options.topK, options.topP] as const),
      ...([options.seed, options.step, options.codebook] as const),
      ...([at.entries, at.work, at.weights, at.block] as const),
    ),
  );
  expectSame(after.uncond, arrays.uncond);
  if (!uncond) expectSame(after.logits, logits);
  return returned;
}

describe('a code', () => {
  test.each(LENGTHS.slice(1))('of %i codes the twin’s, with guidance and without', (size) => {
    const [cond, uncond] = [noise(size, size, 5), noise(size, size + 1, 5)];
    for (const options of SETTINGS) {
      expect(sample(cond, options)).toBe(twin.sampleCode(cond, options));
      const mixed = twin.mixGuidance(cond, uncond, options.guidanceScale);
      expect(sample(cond, options, uncond)).toBe(twin.sampleCode(mixed, options));
    }
  });

  test.each([Number.NaN, Infinity, -Infinity])('%d in either row is −2, at every place', (bad) => {
    for (let place = 0; place < 67; place++) {
      const good = noise(67, 1);
      const broken = good.with(place, bad);
      for (const options of SETTINGS.slice(0, 2)) {
        expect(sample(broken, options)).toBe(-2);
        expect(sample(broken, options, good)).toBe(-2);
        expect(sample(good, options, broken)).toBe(-2);
      }
    }
  });

  test('logits whose guidance goes beyond f32 are −2', () => {
    const [cond, uncond] = [Float32Array.of(3e38, 0), Float32Array.of(-3e38, 0)];
    expect(sample(cond, SETTINGS[1]!, uncond)).toBe(-2);
  });
});
