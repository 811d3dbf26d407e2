import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { twiddleTable } from '../../runtime/stft-stream.ts';
import * as twin from '../reference/inverse-fft.ts';
import { noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();
const SIZES = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

function inverseFft(real: Float32Array, imag: Float32Array): Float32Array {
  const size = 2 * (real.length - 1);
  const arrays = {
    real,
    imag,
    output: new Float32Array(size),
    work: new Float32Array(2 * size),
    twiddles: twiddleTable(size),
  };
  return guarded(kernels, arrays, (at) =>
    kernels.call.inverseFft(at.real, at.imag, at.output, at.work, at.twiddles, size),
  ).after.output;
}

function largestError(actual: Float32Array, wanted: Float64Array): number {
  return actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - wanted[i]!)), 0);
}

test.each(SIZES)('size %i gives the naive sum, to 2⁻²² of the spectrum’s size', (size) => {
  const real = noise(size / 2 + 1, size);
  const imag = noise(size / 2 + 1, size + 1);
  const wanted = twin.inverseFft(real, imag, size);
  expect(largestError(inverseFft(real, imag), wanted)).toBeLessThan(2 ** -22);
});

test.each(SIZES)('size %i keeps energy: Σ x² = Σ |X|² / N', (size) => {
  const real = noise(size / 2 + 1, size);
  const imag = noise(size / 2 + 1, size + 1);
  imag[0] = 0;
  imag[size / 2] = 0;
  const energy = inverseFft(real, imag).reduce((sum, x) => sum + x * x, 0);
  const spectral = real.reduce((sum, re, k) => {
    const both = k === 0 || k === size / 2 ? 1 : 2;
    return sum + both * (re * re + imag[k]! ** 2);
  }, 0);
  expect(energy / (spectral / size)).toBeCloseTo(1, 5);
});

test('every single bin of 64 gives its own cosine or sine', () => {
  for (let k = 0; k <= 32; k++) {
    for (const plane of [0, 1]) {
      const planes = [new Float32Array(33), new Float32Array(33)] as const;
      planes[plane as 0 | 1][k] = 32;
      const wanted = twin.inverseFft(...planes, 64);
      expect(largestError(inverseFft(...planes), wanted)).toBeLessThan(2 ** -22);
    }
  }
});
