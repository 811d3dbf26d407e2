import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import * as twin from '../reference/transformer.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();

interface Norm {
  weight: Float32Array;
  bias: Float32Array;
  epsilon: number;
}

function seededNorm(width: number, epsilon = Math.fround(1e-5)): Norm {
  return { weight: noise(width, 1, 2), bias: noise(width, 2), epsilon };
}

function layerNorm(x: Float32Array, { weight, bias, epsilon }: Norm): Float32Array {
  const width = weight.length;
  const rows = x.length / width;
  const arrays = { x, weight, bias, out: new Float32Array(x.length) };
  const { after } = guarded(kernels, arrays, (at) =>
    kernels.call.layerNorm(at.x, rows, width, at.weight, at.bias, epsilon, at.out),
  );
  const inPlace = guarded(kernels, { x, weight, bias }, (at) =>
    kernels.call.layerNorm(at.x, rows, width, at.weight, at.bias, epsilon, at.x),
  );
  expectSame(inPlace.after.x, after.out);
  expectSame(after.x, x);
  return after.out;
}

/** Largest difference from the twin, relative to the largest value over the row's spread. */
function worst(x: Float32Array, norm: Norm): number {
  const width = norm.weight.length;
  const after = layerNorm(x, norm);
  let found = 0;
  for (let begin = 0; begin < x.length; begin += width) {
    const row = x.subarray(begin, begin + width);
    const mean = twin.total(row) / width;
    const variance = twin.total(Float64Array.from(row, (v) => (v - mean) ** 2)) / width;
    const steep = Math.max(...row.map(Math.abs)) / Math.sqrt(variance + norm.epsilon);
    twin.layerNorm(row, norm).forEach((value, i) => {
      const size = Math.abs(norm.weight[i]!) * steep + Math.abs(norm.bias[i]!);
      const error = Math.abs(after[begin + i]! - value);
      found = Math.max(found, size === 0 ? error : error / size);
    });
  }
  return found;
}

describe('against the twin, to 2⁻²¹ of what the row can give', () => {
  test.each(LENGTHS.slice(1))('rows of %i values, about 0 and far from it', (width) => {
    for (const offset of [0, 1, -100]) {
      const x = noise(3 * width, width, 3).map((value) => value + offset);
      expect(worst(x, seededNorm(width))).toBeLessThan(2 ** -21);
    }
  });

  test.each(LENGTHS)('%i rows', (rows) => {
    expect(worst(noise(7 * rows, rows), seededNorm(7))).toBeLessThan(2 ** -21);
  });

  test('rows of every size, down to denormals, with the epsilons of both models', () => {
    for (const amplitude of [1e-40, 1e-20, 1e-6, 1e6, 1e18]) {
      for (const epsilon of [1e-5, 1e-12]) {
        const norm = seededNorm(67, Math.fround(epsilon));
        expect(worst(noise(67, 1, amplitude), norm)).toBeLessThan(2 ** -21);
      }
    }
  });
});

test('with weight 1 and bias 0 a row has mean 0 and variance 1', () => {
  for (const width of [2, 7, 32, 67]) {
    const weight = new Float32Array(width).fill(1);
    const row = layerNorm(noise(width, 3, 9), {
      weight,
      bias: new Float32Array(width),
      epsilon: 1e-12,
    });
    expect(twin.total(row) / width).toBeCloseTo(0, 6);
    expect(twin.total(row.map((x) => x * x)) / width).toBeCloseTo(1, 6);
  }
});

describe('extreme values', () => {
  test('a row without spread is the bias', () => {
    for (const value of [0, 5, 1e-45]) {
      const norm = seededNorm(66);
      expectSame(layerNorm(new Float32Array(66).fill(value), norm), norm.bias);
    }
  });

  test('a row whose variance is beyond f32 is the bias, as in PyTorch', () => {
    const norm = seededNorm(66);
    expectSame(layerNorm(noise(66, 4, 1e30), norm), norm.bias);
  });

  test.each([Number.NaN, Infinity, -Infinity])('%d makes its row NaN and no other', (bad) => {
    for (let place = 0; place < 67; place++) {
      const x = noise(3 * 67, 5);
      x[67 + place] = bad;
      const isNan = Array.from(layerNorm(x, seededNorm(67)), Number.isNaN);
      expect(isNan.indexOf(true)).toBe(67);
      expect(isNan.lastIndexOf(true)).toBe(133);
      expect(isNan.filter(Boolean).length).toBe(67);
    }
  });
});
