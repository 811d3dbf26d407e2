import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/loudness.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();
const FILTERS: [twin.Biquad, twin.Biquad] = [twin.SHELF_48K, twin.HIGH_PASS_48K];

function energies(pcm: Float32Array, segment: number): Float64Array {
  const arrays = {
    pcm,
    coefficients: Float64Array.from(FILTERS[0].flatMap((b, i) => [b, FILTERS[1][i]!])),
    energies: new Float64Array(Math.ceil(pcm.length / segment)),
  };
  return guarded(kernels, arrays, (at) =>
    kernels.call.kWeightedEnergies(at.pcm, pcm.length, at.coefficients, segment, at.energies),
  ).after.energies;
}

test.each(LENGTHS)('energies of %i samples are the twin’s, for any segment', (length) => {
  const pcm = noise(length, length);
  for (const segment of [1, 2, 7, 16, 67, 1000]) {
    expect(energies(pcm, segment)).toEqual(twin.kWeightedEnergies(pcm, FILTERS, segment));
  }
});
