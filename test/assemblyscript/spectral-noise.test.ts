import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import * as twin from '../reference/spectral-noise.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

function seededBins(bins: number): twin.NoisyBins {
  return {
    real: noise(bins, 1),
    imag: noise(bins, 2),
    magnitude: noise(bins, 3).map(Math.abs),
  };
}

function addNoise(arrays: twin.NoisyBins, stftFrame: number) {
  const block = new Uint32Array(4);
  return guarded(kernels, { ...arrays, block }, (at) =>
    kernels.call.addNoise(at.real, at.imag, at.magnitude, arrays.real.length, stftFrame, at.block),
  ).after;
}

test.each(LENGTHS)('%i bins with noise are the twin’s', (bins) => {
  const arrays = seededBins(bins);
  const after = addNoise(arrays, 7 * bins);
  const wanted = twin.addNoise(arrays, 7 * bins);
  expect(after.real).toEqual(wanted.real);
  expect(after.imag).toEqual(wanted.imag);
  expect(after.magnitude).toEqual(arrays.magnitude);
});

test('its power is the squared magnitude, its mean zero, and each STFT frame differs', () => {
  const bins = 513;
  const clean = { real: new Float32Array(bins), imag: new Float32Array(bins) };
  const magnitude = new Float32Array(bins).fill(3);
  const frames = Array.from({ length: 20 }, (_, j) => addNoise({ ...clean, magnitude }, j));
  const values = frames.flatMap(({ real, imag }) => [...real, ...imag]);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const power = (2 * values.reduce((sum, x) => sum + x * x, 0)) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.06);
  expect(power / 9).toBeCloseTo(1, 1);
  expect(frames[0]!.real).not.toEqual(frames[1]!.real);
});

test('no magnitude, no change', () => {
  const arrays = { ...seededBins(64), magnitude: new Float32Array(64) };
  expect(addNoise(arrays, 3).real).toEqual(arrays.real);
});
