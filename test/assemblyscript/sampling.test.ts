import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/sampling.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();
const NOT_EMPTY = LENGTHS.slice(1);

function argmax(values: Float32Array): number {
  return guarded(kernels, { values }, (at) => kernels.call.argmax(at.values, values.length))
    .returned;
}

function rank(logits: Float32Array, temperature: number): twin.Entry[] {
  const entries = new Uint32Array(2 * logits.length);
  const work = new Uint32Array(2 * logits.length + 256);
  const { after } = guarded(kernels, { logits, entries, work }, (at) =>
    kernels.call.rank(
      at.logits,
      logits.length,
      kernels.call.argmax(at.logits, logits.length),
      temperature,
      at.entries,
      at.work,
    ),
  );
  const gaps = new Float32Array(after.entries.buffer);
  return Array.from(logits, (_, i) => ({ index: after.entries[2 * i]!, gap: gaps[2 * i + 1]! }));
}

/** Entries as rank() writes them. */
function entriesOf(gaps: Float32Array, index = (i: number) => i): Uint32Array {
  const entries = new Uint32Array(2 * gaps.length);
  const halves = new Float32Array(entries.buffer);
  gaps.forEach((gap, i) => {
    entries[2 * i] = index(i);
    halves[2 * i + 1] = gap;
  });
  return entries;
}

function weigh(gaps: Float32Array): Float32Array {
  const entries = entriesOf(gaps);
  const weights = new Float32Array(gaps.length);
  return guarded(kernels, { entries, weights }, (at) =>
    kernels.call.weigh(at.entries, gaps.length, at.weights),
  ).after.weights;
}

function nucleus(weights: Float32Array, topP: number): number {
  return guarded(kernels, { weights }, (at) =>
    kernels.call.nucleus(at.weights, weights.length, topP),
  ).returned;
}

function draw(weights: Float32Array, u: number): number {
  const entries = entriesOf(weights, (i) => 1000 - i);
  return guarded(kernels, { entries, weights }, (at) =>
    kernels.call.draw(at.entries, at.weights, weights.length, u),
  ).returned;
}

const falling = (length: number): Float32Array =>
  noise(length, length).map(Math.abs).sort().reverse();

describe('guidance', () => {
  test.each(LENGTHS)('%i mixed logits are the twin’s', (length) => {
    const cond = noise(length, 1, 20);
    const uncond = noise(length, 2, 20);
    const mixed = new Float32Array(length);
    const { after } = guarded(kernels, { cond, uncond, mixed }, (at) =>
      kernels.call.mixGuidance(at.cond, at.uncond, at.mixed, length, 3.3),
    );
    expect(after.mixed).toEqual(twin.mixGuidance(cond, uncond, 3.3));
    expect(after.cond).toEqual(cond);
  });
});

describe('argmax', () => {
  test.each(LENGTHS)('of %i values is the twin’s', (length) => {
    const values = noise(length, length, 8);
    expect(argmax(values)).toBe(twin.argmax(values));
  });

  test('of equals the lowest wins, at every place', () => {
    for (let place = 0; place < 66; place++) {
      const values = new Float32Array(67).fill(-3);
      values[place] = -1;
      values[66] = -1;
      expect(argmax(values)).toBe(place);
    }
  });

  test.each([Number.NaN, Infinity, -Infinity])('%d is told at every place and length', (bad) => {
    for (const length of NOT_EMPTY) {
      for (let place = 0; place < length; place++) {
        const values = noise(length, 3);
        values[place] = bad;
        expect(argmax(values)).toBe(-2);
      }
    }
  });
});

describe('rank', () => {
  test.each(NOT_EMPTY)('of %i logits is the twin’s', (length) => {
    const logits = noise(length, length, 9);
    expect(rank(logits, 0.7)).toEqual(twin.rank(logits, 0.7));
  });

  test('equals stay in index order', () => {
    const logits = noise(1024, 5, 4).map(Math.round);
    expect(rank(logits, 1)).toEqual(twin.rank(logits, 1));
  });

  test('gaps that differ in their last bits alone are told apart', () => {
    const logits = Float32Array.from(
      { length: 1024 },
      (_, i) => -1 - ((i * 389) % 1024) * 2 ** -23,
    );
    logits[0] = 0;
    expect(rank(logits, 1)).toEqual(twin.rank(logits, 1));
  });

  test('gaps beyond f32 come last', () => {
    const logits = Float32Array.of(-3e38, 3e38, 1e-45, 0);
    expect(rank(logits, 1).map(({ index }) => index)).toEqual([1, 2, 3, 0]);
    expect(rank(logits, 10).map(({ index }) => index)).toEqual([1, 2, 3, 0]);
  });
});

describe('weigh', () => {
  test.each(LENGTHS)('%i weights are the twin’s', (length) => {
    const gaps = noise(length, length, 60).map(Math.abs);
    expect(weigh(gaps)).toEqual(gaps.map(twin.weigh));
  });

  test('weights are exp(−gap) to within 2 units in the last place', () => {
    const gaps = Float32Array.from({ length: 20000 }, (_, i) => i / 230);
    weigh(gaps).forEach((weight, i) => {
      expect(Math.abs(weight / Math.exp(-gaps[i]!) - 1)).toBeLessThan(2 * 2 ** -23);
    });
  });

  test('1 for the likeliest, 0 for what is too far away', () => {
    expect(Array.from(weigh(Float32Array.of(0, 87.001, 1e30, Infinity)))).toEqual([1, 0, 0, 0]);
  });

  test('probabilities sum to one and are those of softmax', () => {
    const logits = noise(1024, 7, 6);
    const order = twin.rank(logits, 1);
    const weights = weigh(Float32Array.from(order, ({ gap }) => gap));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const normaliser = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    order.forEach(({ index }, i) => {
      expect(weights[i]! / total).toBeCloseTo(Math.exp(logits[index]!) / normaliser, 7);
    });
    expect(weights.reduce((sum, weight) => sum + weight / total, 0)).toBeCloseTo(1, 12);
  });
});

describe('nucleus', () => {
  test.each(NOT_EMPTY)('of %i weights is the twin’s', (length) => {
    const weights = falling(length);
    for (const topP of [1e-9, 0.1, 0.5, 0.9, 0.999, 1]) {
      expect(nucleus(weights, topP)).toBe(twin.nucleus(Array.from(weights), topP));
    }
  });

  test('it is the smallest set that holds the mass', () => {
    const weights = Float32Array.of(4, 2, 1, 1);
    expect([0.1, 0.5, 0.51, 0.75, 0.76, 1].map((topP) => nucleus(weights, topP))).toEqual([
      1, 1, 2, 2, 3, 4,
    ]);
  });
});

describe('draw', () => {
  test.each(NOT_EMPTY)('from %i weights is the twin’s', (length) => {
    const weights = falling(length);
    for (const u of [0, 0.25, 0.5, 0.99, 1 - 2 ** -24]) {
      expect(draw(weights, u)).toBe(1000 - twin.draw(Array.from(weights), u));
    }
  });

  test('a uniform right on a border belongs to the next weight', () => {
    const weights = Float32Array.of(1, 1, 1, 1);
    expect([0, 0.25, 0.5, 0.75].map((u) => draw(weights, u))).toEqual([1000, 999, 998, 997]);
  });

  test('a weight of 0 is never drawn', () => {
    const weights = Float32Array.of(1, 0.5, 0, 0);
    expect(draw(weights, 1 - 2 ** -24)).toBe(999);
  });
});
