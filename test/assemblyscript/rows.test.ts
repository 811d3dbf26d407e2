import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/rows.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();
const { call } = kernels;

const EXTREMES = [0, -0, 1e-45, -1e-38, 1e30, 3.4e38, -3.4e38, Infinity, -Infinity, Number.NaN];

function addRows(sum: Float32Array, values: Float32Array): Float32Array {
  const { after } = guarded(kernels, { sum, values }, (at) =>
    call.addRows(at.sum, at.values, sum.length),
  );
  expectSame(after.values, values);
  return after.sum;
}

function addLookUp(sum: Float32Array, table: twin.Table, row: number): Float32Array {
  const { after } = guarded(kernels, { sum, ...table }, (at) =>
    call.addLookUp(at.values, at.scales, sum.length, row, at.sum),
  );
  expectSame(after.values, table.values);
  return after.sum;
}

function addScaledRows(sum: Float32Array, values: Float32Array, scale: Float32Array): Float32Array {
  const width = scale.length;
  const rows = width === 0 ? 3 : sum.length / width;
  const { after } = guarded(kernels, { sum, values, scale }, (at) =>
    call.addScaledRows(at.sum, at.values, at.scale, rows, width),
  );
  expectSame(after.values, values);
  return after.sum;
}

describe('added', () => {
  test.each(LENGTHS)('%i values are the twin’s', (length) => {
    const [sum, values] = [noise(length, 1, 3), noise(length, 2)];
    expectSame(addRows(sum, values), twin.addRows(sum, values));
  });

  test('extreme values are the twin’s', () => {
    const sum = Float32Array.from(EXTREMES.flatMap(() => EXTREMES));
    const values = Float32Array.from(EXTREMES.flatMap((x) => EXTREMES.map(() => x)));
    expect(addRows(sum, values)).toEqual(twin.addRows(sum, values));
  });
});

describe('looked up', () => {
  /** Every int8 value, −128 too. */
  const seededTable = (rows: number, width: number): twin.Table => ({
    values: Int8Array.from({ length: rows * width }, (_, i) => i * 89),
    scales: noise(rows, 3, 0.1),
  });

  test.each(LENGTHS)(
    'rows of %i values are the twin’s, the first, one inside and the last',
    (width) => {
      const [table, sum] = [seededTable(5, width), noise(width, 4)];
      for (const row of [0, 2, 4]) {
        expectSame(addLookUp(sum, table, row), twin.addLookUp(sum, table, row));
      }
    },
  );

  test.each(LENGTHS)('row %i is the twin’s', (row) => {
    const [table, sum] = [seededTable(68, 11), noise(11, 5)];
    expectSame(addLookUp(sum, table, row), twin.addLookUp(sum, table, row));
  });

  test('extreme scales are the twin’s', () => {
    for (const scale of EXTREMES) {
      const table = {
        values: Int8Array.of(-128, -1, 0, 1, 127, 5, 6),
        scales: Float32Array.of(scale),
      };
      const sum = noise(7, 6);
      expect(addLookUp(sum, table, 0)).toEqual(twin.addLookUp(sum, table, 0));
    }
  });
});

describe('added with a scale', () => {
  test.each(LENGTHS)('rows of %i values are the twin’s', (width) => {
    const [sum, values, scale] = [noise(3 * width, 7), noise(3 * width, 8), noise(width, 9)];
    expectSame(addScaledRows(sum, values, scale), twin.addScaledRows(sum, values, scale));
  });

  test.each(LENGTHS)('%i rows are the twin’s', (rows) => {
    const [sum, values, scale] = [noise(rows * 9, 7), noise(rows * 9, 8), noise(9, 9)];
    expectSame(addScaledRows(sum, values, scale), twin.addScaledRows(sum, values, scale));
  });

  test('extreme values are the twin’s', () => {
    const values = Float32Array.from(EXTREMES.flatMap(() => EXTREMES));
    const scale = Float32Array.from(EXTREMES);
    const sum = noise(values.length, 10);
    expect(addScaledRows(sum, values, scale)).toEqual(twin.addScaledRows(sum, values, scale));
  });
});
