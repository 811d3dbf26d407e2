/** Way walked → footfalls. */
import { expect, test } from 'vitest';
import { createStride } from '../../demo-scene/walk/stride.ts';

const STEP = 1 / 60;

/** Walks on level ground. @returns steps of the world at which a foot came down. */
function footfalls(speed: number, seconds: number, run = false): number[] {
  const stride = createStride();
  const steps = Math.round(seconds / STEP);
  return Array.from({ length: steps }, (_, i) => i).filter(
    () => stride.advance(speed * STEP, true, 0, run) !== null,
  );
}

test('10.4 metres are 14 walking steps or 9 running ones', () => {
  expect(footfalls(2, 5.2)).toHaveLength(14);
  expect(footfalls(4, 2.6, true)).toHaveLength(9);
});

test('the steps of a walk are evenly apart', () => {
  const at = footfalls(1.9, 6);
  const gaps = at.slice(1).map((step, i) => step - at[i]!);
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
});

test('who stands still makes none, however long', () => {
  expect(footfalls(0, 60)).toEqual([]);
});

test('running is hard, walking medium', () => {
  const first = (run: boolean) => {
    const stride = createStride();
    for (;;) {
      const weight = stride.advance(0.05, true, 0, run);
      if (weight) return weight;
    }
  };
  expect([first(false), first(true)]).toEqual(['medium', 'hard']);
});

test('a landing is heard once, in the air nothing is', () => {
  const stride = createStride();
  const told = [
    ...Array.from({ length: 40 }, (_, i) => stride.advance(0.05, false, -0.16 * i, false)),
    ...Array.from({ length: 5 }, () => stride.advance(0, true, 0, false)),
  ];
  expect(told.filter(Boolean)).toEqual(['hard']);
  expect(told.findIndex(Boolean)).toBe(40);
});

test('a stumble is no landing', () => {
  const stride = createStride();
  stride.advance(0, false, -1, false);
  expect(stride.advance(0, true, 0, false)).toBe(null);
});
