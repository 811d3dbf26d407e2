import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/gain.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

test.each(LENGTHS)('%i samples scaled are the twin’s', (length) => {
  const pcm = noise(length, length + 1);
  const { after } = guarded(kernels, { pcm }, (at) => kernels.call.scale(at.pcm, length, 0.3));
  expect(after.pcm).toEqual(twin.scale(pcm, 0.3));
});
