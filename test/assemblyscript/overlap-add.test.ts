import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/overlap-add.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

test.each(LENGTHS)('%i samples added are the twin’s', (length) => {
  const arrays = {
    stftFrame: noise(length, 1),
    window: noise(length, 2),
    sum: noise(length, 3),
  };
  const { after } = guarded(kernels, arrays, (at) =>
    kernels.call.overlapAdd(at.stftFrame, at.window, at.sum, length),
  );
  expect(after.sum).toEqual(twin.overlapAdd(arrays.stftFrame, arrays.window, arrays.sum));
  expect(after.window).toEqual(arrays.window);
});

test.each(LENGTHS)('%i samples divided are the twin’s', (length) => {
  const arrays = { sum: noise(length, 4), envelope: noise(length, 5) };
  const { after } = guarded(kernels, arrays, (at) =>
    kernels.call.divideByEnvelope(at.sum, at.envelope, length, 0.2),
  );
  expect(after.sum).toEqual(twin.divideByEnvelope(arrays.sum, arrays.envelope, 0.2));
});
