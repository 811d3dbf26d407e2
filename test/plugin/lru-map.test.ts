import { expect, test } from 'vitest';
import { createLruMap } from '../../plugin/lru-map.ts';

test('what was used longest ago goes first', () => {
  const map = createLruMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.get('a');
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
});

test('asking whether it is there is no use', () => {
  const map = createLruMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.has('a')).toBe(true);
  map.set('c', 3);
  expect(map.has('a')).toBe(false);
});

test('the weight stays within its limit, whatever comes', () => {
  const map = createLruMap<number, number>(100, (value) => value);
  let state = 1;
  for (let i = 0; i < 1000; i++) {
    state = (state * 48271) % 2147483647;
    map.set(state % 50, state % 120);
    const sum = [...map.values()].reduce((a, b) => a + b, 0);
    expect(map.weight).toBe(sum);
    expect(sum).toBeLessThanOrEqual(100);
  }
  expect(map.size).toBeGreaterThan(0);
});

test('what is too heavy is not kept, and takes the place of nothing', () => {
  const map = createLruMap<string, number>(10, (value) => value);
  map.set('a', 5);
  map.set('b', 11);
  expect([map.get('a'), map.get('b')]).toEqual([5, undefined]);
});

test('a key that is set again weighs once; deleted and cleared it weighs nothing', () => {
  const map = createLruMap<string, number>(10, (value) => value);
  map.set('a', 5);
  map.set('a', 6);
  expect([map.weight, map.size]).toEqual([6, 1]);
  map.delete('a');
  map.delete('a');
  expect(map.weight).toBe(0);
  map.set('b', 3);
  map.clear();
  expect([map.weight, map.size]).toEqual([0, 0]);
});
