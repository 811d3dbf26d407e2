import { describe, expect, test } from 'vitest';
import { createInverseStft } from '../../runtime/inverse-stft.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import type { StftShape } from '../../runtime/stft-shape.ts';
import * as twin from '../reference/inverse-stft.ts';
import { noise, sine } from '../reference/seeded.ts';

const kernels = await loadKernels();

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
}

function seededSpectrum(frames: number, { size }: StftShape) {
  const values = frames * (size / 2 + 1);
  return {
    real: noise(values, 1),
    imag: noise(values, 2),
    noise: noise(values, 3).map(Math.abs),
    frames,
    partials: {
      gain: noise(3 * frames, 4).map(Math.abs),
      frequency: noise(3 * frames, 5, 8000).map((x) => x + 8000),
      channels: 3,
    },
  };
}

const SHAPES: StftShape[] = [
  { size: 16, hop: 4, sampleRate: 32000 },
  { size: 16, hop: 8, sampleRate: 32000 },
  { size: 64, hop: 20, sampleRate: 32000 },
  { size: 128, hop: 32, sampleRate: 32000 },
];

describe.each(SHAPES)('size $size, hop $hop', (shape) => {
  const inverse = createInverseStft(kernels, shape);

  test('1 to 9 STFT frames give the twin’s samples', () => {
    for (let frames = 1; frames <= 9; frames++) {
      const spectrum = seededSpectrum(frames, shape);
      const wanted = twin.inverseStft(spectrum, shape);
      expect(largestDifference(inverse.run(spectrum), wanted)).toBeLessThan(1e-5);
    }
  });

  test('it undoes the forward STFT, first and last sample included', () => {
    for (const frames of [1, 2, 5, 12]) {
      const pcm = noise(frames * shape.hop, frames);
      const back = inverse.run(twin.forwardStft(pcm, shape));
      expect(largestDifference(back, pcm)).toBeLessThan(1e-5);
    }
  });
});

describe('the model’s own shape: size 1024, hop 320', () => {
  const shape = { size: 1024, hop: 320, sampleRate: 32000 };
  const inverse = createInverseStft(kernels, shape);

  test('it undoes the forward STFT and keeps the energy', () => {
    const pcm = sine(0.1, 32000, { hertz: 440, amplitude: 0.5 });
    const back = inverse.run(twin.forwardStft(pcm, shape));
    expect(largestDifference(back, pcm)).toBeLessThan(1e-5);
    const energy = (x: Float32Array) => x.reduce((sum, sample) => sum + sample * sample, 0);
    expect(energy(back) / energy(pcm)).toBeCloseTo(1, 5);
  });

  test('F STFT frames give 320 · F samples, and the same ones a second time', () => {
    const spectrum = seededSpectrum(7, shape);
    const first = inverse.run(spectrum);
    expect(first.length).toBe(7 * 320);
    inverse.run(seededSpectrum(3, shape));
    expect(inverse.run(spectrum)).toEqual(first);
  });

  test('a spectrum of zeros is silence', () => {
    const zeros = new Float32Array(2 * 513);
    const pcm = inverse.run({ real: zeros, imag: zeros, noise: zeros, frames: 2 });
    expect(pcm.every((sample) => sample === 0)).toBe(true);
  });
});

describe('bad input', () => {
  test.each([
    { size: 1000, hop: 320, sampleRate: 32000 },
    { size: 0, hop: 0, sampleRate: 32000 },
    { size: 1024, hop: 321, sampleRate: 32000 },
    { size: 1024, hop: 2048, sampleRate: 32000 },
    { size: Number.NaN, hop: 320, sampleRate: 32000 },
  ])('size $size with hop $hop is a RangeError', (shape) => {
    expect(() => createInverseStft(kernels, shape)).toThrow(RangeError);
  });

  test('a spectrum whose arrays do not fit is a RangeError that names the sizes', () => {
    const inverse = createInverseStft(kernels, { size: 16, hop: 4, sampleRate: 32000 });
    const spectrum = {
      real: new Float32Array(18),
      imag: new Float32Array(9),
      noise: new Float32Array(18),
      frames: 2,
    };
    expect(() => inverse.run(spectrum)).toThrow(RangeError);
    expect(() => inverse.run(spectrum)).toThrow(/2 × 9 values, we got 18 real, 9 imaginary/);
    expect(() => inverse.run({ ...spectrum, frames: 0 })).toThrow(RangeError);
  });

  test('partials whose arrays do not fit are a RangeError that names the sizes', () => {
    const inverse = createInverseStft(kernels, { size: 16, hop: 4, sampleRate: 32000 });
    const bins = new Float32Array(18);
    const partials = { gain: new Float32Array(6), frequency: new Float32Array(4), channels: 3 };
    const spectrum = { real: bins, imag: bins, noise: bins, frames: 2, partials };
    expect(() => inverse.run(spectrum)).toThrow(RangeError);
    expect(() => inverse.run(spectrum)).toThrow(/2 × 3 values, we got 6 gains and 4 frequencies/);
  });
});
