import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import * as twin from '../reference/transformer.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

function gelu(values: Float32Array): Float32Array {
  return guarded(kernels, { values }, (at) => kernels.call.gelu(at.values, values.length)).after
    .values;
}

/** Largest difference from the twin, relative to the value. */
function worst(values: Float32Array): number {
  const after = gelu(values);
  return values.reduce((found, x, i) => {
    const error = Math.abs(after[i]! - twin.gelu(x));
    return Math.max(found, x === 0 ? error : error / Math.abs(x));
  }, 0);
}

test.each(LENGTHS)('%i values are the twin’s, to 2⁻²² of the value', (length) => {
  for (const amplitude of [0.1, 1, 4, 30]) {
    expect(worst(noise(length, length, amplitude))).toBeLessThan(2 ** -22);
  }
});

test('50000 values from −8 to 8, across where the polynomials meet, are the twin’s', () => {
  expect(worst(Float32Array.from({ length: 50001 }, (_, i) => i / 3125 - 8))).toBeLessThan(
    2 ** -22,
  );
  const border = Math.fround(Math.SQRT2);
  const around = (sign: number) =>
    Array.from({ length: 401 }, (_, i) => sign * border * (1 + (i - 200) * 2 ** -23));
  expect(worst(Float32Array.of(...around(1), ...around(-1)))).toBeLessThan(2 ** -22);
});

describe('extreme values', () => {
  test('nothing, denormals, what is all or nothing', () => {
    const tiny = 2 ** -140;
    const small = gelu(Float32Array.of(0, tiny, -tiny));
    expect(small).toEqual(Float32Array.of(0, tiny / 2, -tiny / 2));
    const large = Float32Array.of(10, 1e30, 3.4e38, Infinity);
    expect(gelu(large)).toEqual(large);
    expect(Array.from(gelu(Float32Array.of(-10, -1e30, -3.4e38)), (x) => x + 0)).toEqual([0, 0, 0]);
  });

  test('NaN and −Infinity are NaN at every place and touch no other', () => {
    for (const bad of [Number.NaN, -Infinity]) {
      for (let place = 0; place < 67; place++) {
        const values = noise(67, 1);
        values[place] = bad;
        const isNan = Array.from(gelu(values), Number.isNaN);
        expect(isNan.indexOf(true)).toBe(place);
        expect(isNan.lastIndexOf(true)).toBe(place);
      }
    }
  });
});
