import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/crossfade.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

test.each(LENGTHS)('%i cross-faded samples are the twin’s', (length) => {
  const arrays = { head: noise(length, 1), tail: noise(length, 2) };
  const { after } = guarded(kernels, arrays, (at) =>
    kernels.call.crossfade(at.head, at.tail, length),
  );
  expect(after.head).toEqual(twin.crossfade(arrays.head, arrays.tail));
  expect(after.tail).toEqual(arrays.tail);
});
