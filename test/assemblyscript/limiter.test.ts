import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/limiter.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

test.each(LENGTHS)('gains of %i peaks are the twin’s', (length) => {
  const peaks = noise(length, length).map(Math.abs);
  const gains = new Float32Array(length);
  const { after } = guarded(kernels, { peaks, gains }, (at) =>
    kernels.call.limiterGains(at.peaks, length, 0.4, at.gains),
  );
  expect(after.gains).toEqual(twin.limiterGains(peaks, 0.4));
});

test.each(LENGTHS)('sliding minimum of %i values is the twin’s, for any window', (length) => {
  const values = noise(length, length);
  for (const window of [1, 2, 4, 8, 16, 64, 128]) {
    const { after } = guarded(kernels, { values }, (at) =>
      kernels.call.slidingMinimum(at.values, length, window),
    );
    expect(after.values).toEqual(twin.slidingMinimum(values, window));
  }
});

test.each(LENGTHS)('%i limited samples are the twin’s', (length) => {
  const pcm = noise(length, length);
  const gains = noise(length, length + 100).map((x) => 0.55 + 0.45 * x);
  for (const window of [1, 4, 16]) {
    const { after } = guarded(kernels, { pcm, gains }, (at) =>
      kernels.call.limit(at.pcm, at.gains, length, window, 0.9),
    );
    expect(after.pcm).toEqual(twin.limit(pcm, gains, window, 0.9));
  }
});
