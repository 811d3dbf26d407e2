import { expect, test } from 'vitest';
import { loopRegion } from '../../runtime/loop-region.ts';
import { noise } from '../reference/seeded.ts';

const RATE = 32000;

/** Noise where it says so, silence elsewhere; in seconds. */
function sounding(seconds: number, ...parts: [from: number, to: number][]): Float32Array {
  const pcm = new Float32Array(seconds * RATE);
  for (const [from, to] of parts) pcm.set(noise((to - from) * RATE, 1, 0.1), from * RATE);
  return pcm;
}

function region(pcm: Float32Array): [from: number, to: number] {
  const { start, end } = loopRegion(pcm, RATE);
  return [start / RATE, end / RATE];
}

test('what sounds all the time is used whole', () => {
  expect(region(sounding(4, [0, 4]))).toEqual([0, 4]);
});

test('a steady sound that is over too soon ends there', () => {
  expect(region(sounding(4, [0, 3.5]))).toEqual([0, 3.5]);
  expect(region(sounding(4, [0, 0.7]))).toEqual([0, 0.7]);
  expect(region(sounding(4, [0.5, 3.5]))).toEqual([0.5, 3.5]);
});

test('of a steady sound with a hole the longer part is used', () => {
  expect(region(sounding(4, [0, 1], [1.5, 4]))).toEqual([1.5, 4]);
});

test('a pattern keeps its pauses, at its ends none longer than inside', () => {
  expect(region(sounding(4, [0.3, 0.4], [1, 1.1], [1.6, 1.7], [2.1, 2.2]))).toEqual([0, 2.8]);
  expect(region(sounding(4, [2, 2.1], [2.5, 2.6], [3, 3.1]))).toEqual([1.6, 3.5]);
});

test('an event keeps its pause', () => {
  expect(region(sounding(4, [0.5, 0.7]))).toEqual([0, 4]);
  const bark = sounding(4, [0, 1]).map((x, i) => x * Math.exp((-6 * i) / RATE));
  expect(region(bark)).toEqual([0, 4]);
});

test('what dies away at its end after most of the clip is used to its end', () => {
  const fading = sounding(4, [0, 3]).map((x, i) => x * Math.exp((-1.5 * i) / RATE));
  expect(region(fading)).toEqual([0, 3]);
});

test('a long sound that is over too soon ends there, steady or not', () => {
  const stepping = sounding(8, [0, 2.5]).map((x, i) => (i < 2 * RATE ? x / 8 : x));
  expect(region(stepping)).toEqual([0, 2.5]);
});

test('silence and the empty clip are used as they are', () => {
  expect(region(new Float32Array(RATE))).toEqual([0, 1]);
  expect(region(new Float32Array(0))).toEqual([0, 0]);
});
