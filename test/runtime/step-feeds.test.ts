import { expect, test } from 'vitest';
import {
  crossOf,
  drawsOf,
  guideOf,
  insideOf,
  rotaryTables,
  topPOf,
} from '../../runtime/engines/step-feeds.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { uniform } from '../reference/philox.ts';

test('the guide is guidance over temperature; the likeliest code needs no temperature', () => {
  expect([...guideOf({ guidanceScale: 3, temperature: 0.5 })]).toEqual([6, -4]);
  expect([...guideOf({ guidanceScale: 1, temperature: 2 })]).toEqual([0.5]);
  expect([...guideOf({ guidanceScale: 3, temperature: 0 })]).toEqual([3, -2]);
  expect([...guideOf({ guidanceScale: 3, temperature: 1e-38 })]).toEqual([3, -2]);
});

test('top-p 0 and 1 are off: no sum of probabilities reaches 2', () => {
  expect([0, 1, 0.5].map((topP) => topPOf({ topP })[0])).toEqual([2, 2, 0.5]);
});

test('draws are those of the kernels; none for the likeliest code', async () => {
  const kernels = await loadKernels();
  const options = { seed: 0xffffffff, guidanceScale: 3, temperature: 1 };
  const draws = drawsOf(kernels, options, 7, 4);
  expect([...draws]).toEqual([0, 1, 2, 3].map((k) => uniform(0xffffffff, 7, k)));
  expect([...drawsOf(kernels, { ...options, temperature: 0 }, 7, 4)]).toEqual([0, 0, 0, 0]);
});

test('inside is the delay pattern, the same for both rows', () => {
  const steps = [0, 1, 2, 3, 4].map((step) => [...insideOf(step, 3, 3, 2)].slice(3).join(''));
  expect(steps).toEqual(['100', '110', '111', '011', '001']);
  expect([...insideOf(1, 3, 3, 2)]).toEqual([1, 1, 0, 1, 1, 0]);
});

test('rotary tables: a position a row', () => {
  const { cosines, sines } = rotaryTables(Float32Array.of(1, 0.5), 3);
  expect([...cosines]).toEqual(
    [1, 1, Math.cos(1), Math.cos(0.5), Math.cos(2), Math.cos(1)].map(Math.fround),
  );
  expect(sines[4]).toBe(Math.fround(Math.sin(2)));
});

test('keys and values of the text: by head, zeros for the null condition', () => {
  const cross = Float32Array.from({ length: 2 * 2 * 4 }, (_, i) => i); // 2 rows, 2 heads of 2
  const shape = { heads: 2, headDim: 2, batch: 2 };
  const zeros = [0, 0, 0, 0, 0, 0, 0, 0];
  expect([...crossOf(cross, 'keys', shape)]).toEqual([0, 1, 8, 9, 2, 3, 10, 11, ...zeros]);
  expect([...crossOf(cross, 'values', { ...shape, batch: 1 })]).toEqual([
    4, 5, 12, 13, 6, 7, 14, 15,
  ]);
});
