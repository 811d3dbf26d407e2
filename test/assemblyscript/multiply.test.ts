import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { packHalves, splitHalves } from '../reference/halves.ts';
import * as twin from '../reference/multiply.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();
const { call } = kernels;

function seededMatrix(inputs: number, outputs: number): Required<twin.Matrix> {
  return {
    weights: Int8Array.from(noise(inputs * outputs, inputs + 1, 127.99)),
    scales: noise(outputs, inputs + 2, 0.01).map(Math.abs),
    bias: noise(outputs, inputs + 3),
    inputs,
  };
}

/** The last weight lies right before a canary, which the kernel may read but must not use. */
function multiply(x: Float32Array, rows: number, matrix: twin.Matrix): Float32Array {
  const { weights, scales, bias, inputs } = matrix;
  const out = new Float32Array(rows * scales.length);
  const halves = packHalves(split(x, rows, inputs));
  const arrays = { halves, weights, scales, bias: bias ?? new Float32Array(0), out };
  const { after } = guarded(kernels, arrays, (at) =>
    call.multiply(
      ...([at.halves, rows, at.weights, at.scales, bias ? at.bias : 0, 0] as const),
      ...([inputs, scales.length, at.out] as const),
    ),
  );
  expectSame(after.halves, halves);
  expectSame(after.weights, weights);
  return after.out;
}

function split(x: Float32Array, rows: number, inputs: number) {
  return Array.from({ length: rows }, (_, r) => splitHalves(x.slice(r * inputs, (r + 1) * inputs)));
}

function expectTwin(x: Float32Array, rows: number, matrix: twin.Matrix): void {
  const expected = twin.multiply(split(x, rows, matrix.inputs), matrix);
  expectSame(multiply(x, rows, matrix), expected);
}

describe('against the twin, bit for bit', () => {
  test.each(LENGTHS)('%i inputs', (inputs) => {
    expectTwin(noise(3 * inputs, 1, 4), 3, seededMatrix(inputs, 5));
  });

  test.each(LENGTHS.slice(1))('%i outputs', (outputs) => {
    expectTwin(noise(2 * 11, 2), 2, seededMatrix(11, outputs));
  });

  test.each(LENGTHS)('%i rows', (rows) => {
    expectTwin(noise(rows * 13, 3), rows, seededMatrix(13, 6));
  });

  test('without a bias', () => {
    const { bias: _, ...matrix } = seededMatrix(20, 7);
    expectTwin(noise(3 * 20, 4), 3, matrix);
  });

  test('4096 inputs, all as large as they can be: no sum overflows', () => {
    const scales = Float32Array.of(1, 1, 1);
    for (const weight of [127, -127]) {
      const weights = new Int8Array(3 * 4096).fill(weight);
      for (const x of [2 - 2 ** -23, 2 ** -23 - 2, 1 + 2 ** -12]) {
        expectTwin(new Float32Array(4096).fill(x), 1, { weights, scales, inputs: 4096 });
      }
    }
  });
});

describe('what it computes', () => {
  test('the product, to 2⁻²³ of the sum of its terms’ magnitudes', () => {
    for (const inputs of [1, 8, 67, 400, 4096]) {
      const matrix = seededMatrix(inputs, 9);
      const x = noise(inputs, inputs, 3);
      multiply(x, 1, { ...matrix, bias: new Float32Array(9) }).forEach((value, o) => {
        const terms = Array.from(x, (v, i) => v * matrix.weights[o * inputs + i]!);
        const exact = matrix.scales[o]! * terms.reduce((a, b) => a + b);
        const size = matrix.scales[o]! * terms.reduce((a, b) => a + Math.abs(b), 0);
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(2 ** -23 * size);
      });
    }
  });

  test('a row and an output do not depend on their neighbours', () => {
    const matrix = seededMatrix(21, 9);
    const x = noise(5 * 21, 5);
    const whole = multiply(x, 5, matrix);
    for (let r = 0; r < 5; r++) {
      const row = multiply(x.slice(r * 21, (r + 1) * 21), 1, matrix);
      expectSame(row, whole.slice(r * 9, (r + 1) * 9));
      for (let o = 0; o < 9; o++) {
        const one = {
          weights: matrix.weights.slice(o * 21, (o + 1) * 21),
          ...{ scales: matrix.scales.slice(o, o + 1), bias: matrix.bias.slice(o, o + 1) },
          inputs: 21,
        };
        expect(multiply(x.slice(r * 21, (r + 1) * 21), 1, one)[0]).toBe(row[o]);
      }
    }
  });
});

describe('sums of rows', () => {
  test.each(LENGTHS)('%i inputs', (inputs) => {
    const { weights } = seededMatrix(inputs, 5);
    const sums = new Uint32Array(5);
    const { after } = guarded(kernels, { weights, sums }, (at) =>
      call.rowSums(at.weights, inputs, 5, at.sums),
    );
    const expected = Array.from({ length: 5 }, (_, o) =>
      weights.subarray(o * inputs, (o + 1) * inputs).reduce((sum, weight) => sum + weight, 0),
    );
    expect([...new Int32Array(after.sums.buffer)]).toEqual(expected);
  });
});

describe('extreme values', () => {
  test.each([0, 1e-45, 1e-38, 1e-31, 1e-20, 1e30, 3e38])('activations of size %d', (size) => {
    expectTwin(
      noise(3 * 19, 6).map((x) => x * size),
      3,
      seededMatrix(19, 4),
    );
  });

  test('scales of 0, tiny and huge', () => {
    const matrix = { ...seededMatrix(19, 4), scales: Float32Array.of(0, 1e-45, 1e-8 / 127, 1e30) };
    expectTwin(noise(3 * 19, 7), 3, matrix);
  });

  test.each([Number.NaN, Infinity, -Infinity])('%d makes its row NaN and no other', (bad) => {
    for (let place = 0; place < 67; place++) {
      const x = noise(3 * 67, 8);
      x[67 + place] = bad;
      const out = multiply(x, 3, seededMatrix(67, 3));
      expect(Array.from(out, Number.isNaN)).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0].map(Boolean));
    }
  });
});
