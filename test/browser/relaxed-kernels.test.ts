/** The build with relaxed SIMD, which Node 20 does not have: it gives the same bits as the plain one. */
import { describe, expect, test } from 'vitest';
import { loadFastestKernels } from '../../runtime/kernels/fastest-kernels.ts';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { relaxedKernelsBinary } from '../../runtime/kernels/relaxed-kernels-binary.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';

const simd = await loadKernels();
const relaxed = await loadKernels(relaxedKernelsBinary);

/** Rows of x times a seeded matrix. */
function product({ call, scratch }: Kernels, x: Float32Array, rows: number, outputs: number) {
  const inputs = x.length / rows;
  return scratch((arena) => {
    const [from, out] = [arena.reserve(4 * x.length), arena.reserve(4 * rows * outputs)];
    const halves = arena.reserve(rows * call.halvesBytes(inputs));
    const weights = arena.reserve(inputs * outputs + 16);
    const [scales, sums] = [arena.reserve(4 * outputs), arena.reserve(4 * outputs)];
    arena.f32(from, x.length).set(x);
    arena.u8(weights, inputs * outputs + 16).fill(0x55); // what lies behind does not matter
    const values = Int8Array.from(noise(inputs * outputs, inputs + 1, 127.99));
    arena.i8(weights, values.length).set(values);
    arena.f32(scales, outputs).set(noise(outputs, 3, 0.01));
    call.rowSums(weights, inputs, outputs, sums);
    call.splitHalves(from, 4 * inputs, rows, inputs, halves);
    call.multiply(halves, rows, weights, scales, 0, sums, inputs, outputs, out);
    return arena.f32(out, rows * outputs).slice();
  });
}

function expectSame(x: Float32Array, rows: number, outputs: number): void {
  expect(product(relaxed, x, rows, outputs)).toEqual(product(simd, x, rows, outputs));
}

describe('relaxed SIMD', () => {
  test.each(LENGTHS.slice(1))('%i inputs', (inputs) => expectSame(noise(3 * inputs, 1, 4), 3, 5));

  test.each(LENGTHS.slice(1))('%i outputs', (outputs) => expectSame(noise(2 * 40, 2), 2, outputs));

  test.each([256, 504, 1024, 1536, 4096])('%i inputs, as models have them', (inputs) => {
    expectSame(noise(2 * inputs, 3, 10), 2, 8);
    expectSame(new Float32Array(inputs).fill(2 - 2 ** -23), 1, 8);
    expectSame(new Float32Array(inputs).fill(2 ** -23 - 2), 1, 8);
  });

  test.each([0, 1e-45, 1e-31, 1e30, Number.NaN, Number.POSITIVE_INFINITY])(
    'values of %d',
    (size) => {
      expectSame(
        noise(3 * 33, 4).map((x) => x * size),
        3,
        5,
      );
    },
  );

  test('whichever build is faster here, it is one of the two', async () => {
    const fastest = await loadFastestKernels();
    const x = noise(2 * 100, 5);
    expect(product(fastest, x, 2, 6)).toEqual(product(simd, x, 2, 6));
  });
});
