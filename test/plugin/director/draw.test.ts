import { expect, test } from 'vitest';
import { aroundZero, DRAWS, draw, keyOf } from '../../../plugin/director/draw.ts';

const PURPOSES = Object.keys(DRAWS) as (keyof typeof DRAWS)[];
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test('the same question has the same answer; another session, key, count or purpose another', () => {
  const base = draw(1, 2, 3, 'take');
  expect(draw(1, 2, 3, 'take')).toBe(base);
  const others = [
    draw(2, 2, 3, 'take'),
    draw(1, 3, 3, 'take'),
    draw(1, 2, 4, 'take'),
    draw(1, 2, 3, 'pitch'),
  ];
  expect(others).not.toContain(base);
});

test('neighbouring questions give numbers spread evenly over sixteen parts', () => {
  const parts = new Array<number>(16).fill(0);
  for (const session of numbers(10)) {
    for (const count of numbers(100)) {
      for (const purpose of PURPOSES) {
        const part = Math.floor(draw(session, 7, count, purpose) / 2 ** 28);
        parts[part] = (parts[part] ?? 0) + 1;
      }
    }
  }
  const expected = (10 * 100 * PURPOSES.length) / 16;
  const chi2 = parts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  expect(chi2).toBeLessThan(37.7); // 15 degrees of freedom, one in a thousand
});

test('one number does not tell the next', () => {
  const drawn = numbers(2000).map((count) => aroundZero(draw(0, 1, count, 'pitch')));
  const products = drawn.slice(1).map((value, i) => value * (drawn[i] ?? 0));
  const mean = products.reduce((a, b) => a + b, 0) / products.length;
  expect(Math.abs(mean)).toBeLessThan(0.03); // a third is the variance of one
});

test('a uint32 becomes a number from −1 to 1', () => {
  expect(aroundZero(0)).toBe(-1);
  expect(aroundZero(2 ** 31)).toBe(0);
  expect(aroundZero(2 ** 32 - 1)).toBeLessThan(1);
});

test('keys keep their parts apart', () => {
  expect(keyOf('a', 'bc')).not.toBe(keyOf('ab', 'c'));
  expect(keyOf('a', 'bc')).toBe(keyOf('a', 'bc'));
});
