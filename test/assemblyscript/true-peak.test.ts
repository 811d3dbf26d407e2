import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import * as twin from '../reference/true-peak.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

test.each(LENGTHS)('true peaks of %i samples are the twin’s', (length) => {
  const pcm = noise(length, length);
  const arrays = { pcm, peaks: new Float32Array(length), work: new Float32Array(16) };
  const { returned, after } = guarded(kernels, arrays, (at) =>
    kernels.call.truePeaks(at.pcm, length, at.peaks, at.work),
  );
  const wanted = twin.truePeaks(pcm);
  expect(after.peaks).toEqual(wanted);
  expect(returned).toBe(Math.max(0, ...wanted));
});
