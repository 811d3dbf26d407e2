import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/halves.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();
const { call } = kernels;

interface Rows {
  rows: number;
  length: number;
  /** In values; as long as a row by default. */
  step?: number;
}

/** The rows' words as the kernel leaves them, in a place that held other bits before. */
function splitHalves(x: Float32Array, { rows, length, step = length }: Rows): Uint32Array {
  const halves = new Uint32Array((rows * call.halvesBytes(length)) / 4); // bytes 4 to 15 of a row stay as they are
  return guarded(kernels, { x, halves }, (at) =>
    call.splitHalves(at.x, 4 * step, rows, length, at.halves),
  ).after.halves;
}

function expected(x: Float32Array, { rows, length, step = length }: Rows): Uint32Array {
  const row = (r: number) => twin.splitHalves(x.slice(r * step, r * step + length));
  return twin.packHalves(Array.from({ length: rows }, (_, r) => row(r)));
}

/** One row, and what its halves say. */
function one(...values: number[]) {
  const row = Float32Array.from(values);
  const shape = { rows: 1, length: row.length };
  expectSame(splitHalves(row, shape), expected(row, shape));
  const { unit, high, low } = twin.splitHalves(row);
  return { row, unit, high, low, back: high.map((h, i) => (8192 * h + low[i]!) * unit) };
}

describe('against the twin, bit for bit', () => {
  test.each(LENGTHS)('3 rows of %i values, padded with zeros', (length) => {
    const shape = { rows: 3, length };
    const x = noise(3 * length, length, 5);
    expectSame(splitHalves(x, shape), expected(x, shape));
  });

  test.each(LENGTHS)('%i rows', (rows) => {
    const shape = { rows, length: 5 };
    const x = noise(5 * rows, rows);
    expectSame(splitHalves(x, shape), expected(x, shape));
  });

  test.each(LENGTHS)('%i rows that overlap, and rows with something between them', (rows) => {
    for (const step of [1, 3, 19]) {
      const shape = { rows, length: 17, step };
      const x = noise(rows === 0 ? 0 : (rows - 1) * step + 17, rows);
      expectSame(splitHalves(x, shape), expected(x, shape));
    }
  });

  test('4096 values, the longest row', () => {
    const x = noise(4096, 1, 100);
    expectSame(splitHalves(x, { rows: 1, length: 4096 }), expected(x, { rows: 1, length: 4096 }));
  });

  test('room of a row: a unit and both halves of every value, rounded up to 16', () => {
    for (const length of LENGTHS) {
      expect(call.halvesBytes(length)).toBe(16 + 64 * Math.ceil(length / 16));
    }
  });
});

describe('what is kept of the values', () => {
  test('all but 2⁻²⁵ of the largest, at every size', () => {
    for (const amplitude of [1e-30, 1e-6, 0.1, 1, 3, 1e6, 1e30, 3e38]) {
      const { row, back } = one(...noise(67, 1, amplitude));
      const largest = Math.max(...row.map(Math.abs));
      const worst = Math.max(...row.map((x, i) => Math.abs(x - back[i]!)));
      expect(worst / largest).toBeLessThanOrEqual(2 ** -25);
    }
  });

  test('both halves within ±2¹², at powers of two and right below', () => {
    for (let power = -126; power <= 127; power++) {
      const top = 2 ** power;
      const { high, low, row, back } = one(top, -top, top * (2 - 2 ** -23), top * (2 ** -23 - 2));
      expect(Math.max(...[...high, ...low].map(Math.abs))).toBeLessThanOrEqual(4096);
      if (power >= -102) expect(back).toEqual([...row]);
    }
  });

  test('half a unit goes to the even neighbour', () => {
    const unit = 2 ** -24;
    const { back } = one(1, 0.5 * unit, 1.5 * unit, 2.5 * unit, -0.5 * unit, -1.5 * unit);
    expect(back.map((x) => x / unit + 0)).toEqual([2 ** 24, 0, 2, 2, 0, -2]);
  });
});

describe('extreme values', () => {
  test('zeros of either sign are zeros', () => {
    const { back, unit } = one(0, -0, 0);
    expect(back.map((x) => x + 0)).toEqual([0, 0, 0]);
    expect(unit).toBe(2 ** -126);
  });

  test('below 2⁻¹⁰² the unit stays 2⁻¹²⁶, so what is smaller than half of it is lost', () => {
    const { back, unit } = one(1e-45, -2e-38, 2 ** -127, 3 * 2 ** -127, 1e-31);
    expect(unit).toBe(2 ** -126);
    expect(back.map((x) => x / unit + 0)).toEqual([0, -2, 0, 2, Math.round(1e-31 / unit)]);
  });

  test('a tiny value beside a huge one is nothing', () => {
    expect(one(1e30, 1, -1e30, 1e-30).back.slice(0, 2)).toEqual([Math.fround(1e30), 0]);
  });

  test.each([Number.NaN, Infinity, -Infinity])('%d at any place: a NaN unit and zeros', (bad) => {
    for (const length of LENGTHS) {
      const x = noise(length * length, length); // row r has it at place r
      for (let r = 0; r < length; r++) x[r * length + r] = bad;
      const row = twin.packHalves([twin.splitHalves(x.slice(0, length))]);
      const rows = splitHalves(x, { rows: length, length });
      for (let r = 0; r < length; r++) {
        expectSame(rows.slice(r * row.length, (r + 1) * row.length), row);
      }
      if (length > 0) expect(new Float32Array(row.buffer)[0]).toBeNaN();
      expect(row.slice(4).every((word) => word === 0)).toBe(true);
    }
  });

  test('a NaN in one row does not touch its neighbours', () => {
    const x = noise(30, 1);
    x[14] = Number.NaN;
    expect(splitHalves(x, { rows: 3, length: 10 })).toEqual(expected(x, { rows: 3, length: 10 }));
  });
});
