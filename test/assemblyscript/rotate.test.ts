import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import * as twin from '../reference/transformer.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();

/** Falling from 1 radian a step, as in the model. */
const seededFrequencies = (half: number): Float32Array =>
  Float32Array.from({ length: half }, (_, i) => 10000 ** (-i / half));

function rotate(x: Float32Array, frequencies: Float32Array, position: number): Float32Array {
  const headDim = 2 * frequencies.length;
  const heads = headDim === 0 ? 3 : x.length / headDim;
  const { after } = guarded(kernels, { x, frequencies }, (at) =>
    kernels.call.rotate(at.x, heads, headDim, at.frequencies, position),
  );
  expectSame(after.frequencies, frequencies);
  return after.x;
}

/** What turns together with value i. */
const other = (i: number, half: number): number => (i % (2 * half) < half ? i + half : i - half);

/** Largest difference from the twin, relative to the length of what turns. */
function worst(x: Float32Array, frequencies: Float32Array, position: number): number {
  const after = rotate(x, frequencies, position);
  const expected = twin.rotate(x, frequencies, position);
  return x.reduce((found, value, i) => {
    const length = Math.hypot(value, x[other(i, frequencies.length)]!);
    return Math.max(found, Math.abs(after[i]! - expected[i]!) / length);
  }, 0);
}

describe('against the twin, to 2⁻²² of what turns', () => {
  test.each(LENGTHS)('heads of twice %i values', (half) => {
    for (const position of [1, 23, 700]) {
      const x = noise(3 * 2 * half, half);
      expect(worst(x, seededFrequencies(half), position)).toBeLessThan(2 ** -22);
    }
  });

  test.each(LENGTHS)('%i heads', (heads) => {
    expect(worst(noise(heads * 6, heads), seededFrequencies(3), 5)).toBeLessThan(2 ** -22);
  });

  test.each(LENGTHS)('position %i, and a million times that', (position) => {
    const x = noise(2 * 16, position);
    expect(worst(x, seededFrequencies(8), position)).toBeLessThan(2 ** -22);
    expect(worst(x, seededFrequencies(8), position * 1e6)).toBeLessThan(2 ** -22);
  });
});

test('position 0 changes nothing', () => {
  const x = noise(96, 1);
  expect(rotate(x, seededFrequencies(8), 0)).toEqual(x);
});

test('a product of two turned rows depends on their distance alone', () => {
  const frequencies = seededFrequencies(8);
  const [q, k] = [noise(16, 1), noise(16, 2)];
  const product = (a: number, b: number) =>
    twin.total(rotate(q, frequencies, a).map((x, i) => x * rotate(k, frequencies, b)[i]!));
  for (const shift of [1, 20, 500])
    expect(product(7 + shift, 3 + shift)).toBeCloseTo(product(7, 3), 3);
});

test.each([Number.NaN, Infinity])('%d touches only itself and what turns with it', (bad) => {
  for (let place = 0; place < 48; place++) {
    const x = noise(48, 3);
    x[place] = bad;
    rotate(x, seededFrequencies(8), 4).forEach((value, i) => {
      expect(Number.isFinite(value)).toBe(i !== place && i !== other(place, 8));
    });
  }
});
