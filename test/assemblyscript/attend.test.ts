import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import * as twin from '../reference/transformer.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();

interface Attention {
  query: Float32Array;
  keys: Float32Array[];
  values: Float32Array[];
  heads: number;
}

interface Shape {
  count: number;
  heads: number;
  headDim: number;
}

function seeded({ count, heads, headDim }: Shape, amplitude = 2): Attention {
  const width = heads * headDim;
  const rows = (seed: number, size: number) =>
    Array.from({ length: count }, (_, j) => noise(width, seed + j, size));
  return { query: noise(width, 1, amplitude), keys: rows(100, 1), values: rows(200, 1), heads };
}

/** Keys and values lie as in the model's ring: a key, then its value, then a gap that is not to be read. */
function attend({ query, keys, values, heads }: Attention): Float32Array {
  const width = query.length;
  const gap = 3;
  const ring = Float32Array.from(
    keys.flatMap((key, j) => [...key, ...values[j]!, ...Array(gap).fill(Number.NaN)]),
  );
  const arrays = {
    query,
    ring,
    scores: new Float32Array(4 * Math.ceil(keys.length / 4)),
    out: new Float32Array(width),
  };
  const { after } = guarded(kernels, arrays, (at) =>
    kernels.call.attend(
      ...([at.query, at.ring, at.ring + 4 * width, 4 * (2 * width + gap)] as const),
      ...([keys.length, heads, width / heads, at.scores, at.out] as const),
    ),
  );
  expectSame(after.ring, ring);
  expectSame(after.query, query);
  return after.out;
}

/** Largest difference from the twin, relative to how large scores and values are. */
function worst(attention: Attention): number {
  const { query, keys, values, heads } = attention;
  const headDim = query.length / heads;
  const score = Math.max(
    ...keys.map((key) => twin.total(key.map((k, i) => Math.abs(k * query[i]!))) / headDim ** 0.5),
  );
  const value = Math.max(...values.flatMap((row) => [...row.map(Math.abs)]));
  const after = attend(attention);
  const expected = twin.attend(query, keys, values, heads);
  const error = Math.max(...after.map((x, i) => Math.abs(x - expected[i]!)));
  return error / ((1 + score) * value);
}

describe('against the twin, to 2⁻²³ of the values, times the scores', () => {
  test.each(LENGTHS.slice(1))('%i keys', (count) => {
    for (const amplitude of [0.1, 2, 30]) {
      expect(worst(seeded({ count, heads: 2, headDim: 7 }, amplitude))).toBeLessThan(2 ** -23);
    }
  });

  test.each(LENGTHS.slice(1))('heads of %i values', (headDim) => {
    expect(worst(seeded({ count: 6, heads: 3, headDim }))).toBeLessThan(2 ** -23);
  });

  test.each(LENGTHS.slice(1))('%i heads', (heads) => {
    expect(worst(seeded({ count: 5, heads, headDim: 5 }))).toBeLessThan(2 ** -23);
  });
});

describe('what it computes', () => {
  const shape = { count: 13, heads: 2, headDim: 9 };

  test('one key: its value, whatever the score', () => {
    for (const amplitude of [0, 1, 1e10]) {
      const one = seeded({ ...shape, count: 1 }, amplitude);
      expect(attend(one)).toEqual(one.values[0]);
    }
  });

  test('a query of zeros: the mean of the values', () => {
    const attention = { ...seeded(shape), query: new Float32Array(18) };
    attend(attention).forEach((x, i) => {
      expect(x).toBeCloseTo(twin.total(attention.values.map((row) => row[i]!)) / 13, 6);
    });
  });

  test('a score far above all others: its value alone', () => {
    const attention = seeded(shape);
    for (let j = 0; j < 13; j++) {
      const keys = attention.keys.map((_, at) => new Float32Array(18).fill(at === j ? 40 : 0));
      const query = new Float32Array(18).fill(1);
      expect(attend({ ...attention, query, keys })).toEqual(attention.values[j]);
    }
  });

  test('the order of the keys does not matter but for rounding', () => {
    const attention = seeded(shape);
    const turned = {
      ...attention,
      keys: attention.keys.toReversed(),
      values: attention.values.toReversed(),
    };
    const [a, b] = [attend(attention), attend(turned)];
    for (const [i, x] of a.entries()) expect(x).toBeCloseTo(b[i]!, 6);
  });

  test('a head does not depend on the others', () => {
    const attention = seeded(shape);
    const whole = attend(attention);
    for (const begin of [0, 9]) {
      const part = (row: Float32Array) => row.slice(begin, begin + 9);
      const { query, keys, values } = attention;
      const one = { query: part(query), keys: keys.map(part), values: values.map(part), heads: 1 };
      expectSame(attend(one), part(whole));
    }
  });
});

describe('extreme values', () => {
  const isNan = (attention: Attention) => Array.from(attend(attention), Number.isNaN);
  const shape = { count: 7, heads: 2, headDim: 3 };

  test('scores that differ by more than f32 can tell', () => {
    const attention = seeded(shape, 1e18);
    expect(worst(attention)).toBeLessThan(2 ** -23);
  });

  test('values of zeros, denormals and 1e30', () => {
    for (const size of [0, 1e-45, 1e-38, 1e30]) {
      const attention = seeded(shape);
      const values = attention.values.map((row) => row.map((x) => x * size));
      const expected = twin.attend(attention.query, attention.keys, values, 2);
      attend({ ...attention, values }).forEach((x, i) => {
        expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(1e-6 * size + 7e-45);
      });
    }
  });

  test.each([Number.NaN, Infinity, -Infinity])('%d in the query: its head is NaN', (bad) => {
    for (let place = 0; place < 6; place++) {
      const attention = seeded(shape);
      attention.query[place] = bad;
      const first = place < 3;
      expect(isNan(attention)).toEqual([first, first, first, !first, !first, !first]);
    }
  });

  test('NaN in any key: its head is NaN; in any value: what it goes to', () => {
    for (let j = 0; j < 7; j++) {
      for (const bad of [Number.NaN, Infinity]) {
        const keyed = seeded(shape);
        keyed.keys[j]![4] = keyed.query[4]! * bad; // so that the score is never −Infinity
        expect(isNan(keyed)).toEqual([false, false, false, true, true, true]);
      }
      const valued = seeded(shape);
      valued.values[j]![2] = Number.NaN;
      expect(isNan(valued)).toEqual([false, false, true, false, false, false]);
    }
  });
});
