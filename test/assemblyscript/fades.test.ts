import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/fades.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();
const { call } = kernels;

describe('fades', () => {
  test.each(LENGTHS)('%i samples faded are the twin’s', (length) => {
    const pcm = noise(length, length);
    const faded = (run: typeof call.fadeIn) =>
      guarded(kernels, { pcm }, (at) => run(at.pcm, length)).after.pcm;
    expect(faded(call.fadeIn)).toEqual(twin.fadeIn(pcm));
    expect(faded(call.fadeOut)).toEqual(twin.fadeOut(pcm));
  });
});

describe('edges of silence', () => {
  const edges = (pcm: Float32Array, threshold: number) =>
    guarded(kernels, { pcm }, (at) => [
      call.firstAbove(at.pcm, pcm.length, threshold),
      call.lastAbove(at.pcm, pcm.length, threshold),
    ]).returned;

  test.each(LENGTHS)('of %i samples are the twin’s, at any threshold', (length) => {
    const pcm = noise(length, length);
    for (const threshold of [0, 0.5, 0.9, 0.99, 2]) {
      expect(edges(pcm, threshold)).toEqual([
        twin.firstAbove(pcm, threshold),
        twin.lastAbove(pcm, threshold),
      ]);
    }
  });

  test('a single loud sample is both edges, at every place', () => {
    for (let place = 0; place < 67; place++) {
      const pcm = new Float32Array(67).fill(0.1);
      pcm[place] = -0.5;
      expect(edges(pcm, 0.1)).toEqual([place, place]);
    }
  });
});
