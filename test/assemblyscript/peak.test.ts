import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/peak.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

function peak(pcm: Float32Array): number {
  return guarded(kernels, { pcm }, (at) => kernels.call.peak(at.pcm, pcm.length)).returned;
}

test.each(LENGTHS)('peak of %i samples is the twin’s', (length) => {
  const pcm = noise(length, length);
  expect(peak(pcm)).toBe(twin.peak(pcm));
});

test('the peak is found at every place, whatever its sign', () => {
  for (let place = 0; place < 67; place++) {
    const pcm = new Float32Array(67).fill(0.25);
    pcm[place] = place % 2 ? 0.75 : -0.75;
    expect(peak(pcm)).toBe(0.75);
  }
});

test('NaN and Infinity are not overlooked at any place', () => {
  for (let place = 0; place < 67; place++) {
    const pcm = noise(67, 1);
    pcm[place] = Number.NaN;
    expect(peak(pcm)).toBeNaN();
    pcm[place] = -Infinity;
    expect(peak(pcm)).toBe(Infinity);
  }
});
