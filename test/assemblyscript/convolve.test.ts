import { expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/convolve.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();

interface Shape {
  rows: number;
  width: number;
  kernel: number;
}

function seeded({ rows, width, kernel }: Shape) {
  return {
    x: noise((rows + kernel - 1) * width, rows + 1, 3),
    weights: noise(kernel * width, kernel),
    bias: noise(width, width + 2),
  };
}

function convolve(arrays: ReturnType<typeof seeded>, { rows, width, kernel }: Shape): Float32Array {
  const out = new Float32Array(rows * width);
  const { after } = guarded(kernels, { ...arrays, out }, (at) =>
    kernels.call.convolveDepthwise(at.x, rows, width, at.weights, at.bias, kernel, at.out),
  );
  expectSame(after.x, arrays.x);
  return after.out;
}

function expectTwin(shape: Shape): void {
  const arrays = seeded(shape);
  expectSame(convolve(arrays, shape), twin.convolveDepthwise(arrays.x, arrays));
}

test.each(LENGTHS)('rows of %i channels are the twin’s', (width) => {
  expectTwin({ rows: 3, width, kernel: 7 });
});

test.each(LENGTHS)('%i rows are the twin’s', (rows) => {
  expectTwin({ rows, width: 6, kernel: 7 });
});

test.each(LENGTHS.slice(1))('a kernel of %i rows is the twin’s', (kernel) => {
  expectTwin({ rows: 2, width: 5, kernel });
});

test('zeros, denormals and 1e30 are the twin’s', () => {
  const shape = { rows: 3, width: 7, kernel: 3 };
  for (const size of [0, 1e-45, 1e-38, 1e30, 3e38]) {
    const arrays = { ...seeded(shape), x: noise(5 * 7, 1).map((x) => x * size) };
    expectSame(convolve(arrays, shape), twin.convolveDepthwise(arrays.x, arrays));
  }
});

test('NaN and Infinity reach the rows whose kernel covers them, in their channel alone', () => {
  const shape = { rows: 5, width: 6, kernel: 3 };
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    for (let place = 0; place < 7 * 6; place++) {
      const arrays = seeded(shape);
      arrays.x[place] = bad;
      const row = Math.floor(place / 6);
      convolve(arrays, shape).forEach((value, i) => {
        const t = Math.floor(i / 6);
        const isReached = i % 6 === place % 6 && t <= row && row < t + 3;
        expect(Number.isFinite(value)).toBe(!isReached);
      });
    }
  }
});
