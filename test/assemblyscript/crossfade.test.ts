import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/crossfade.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

function crossfaded(head: Float32Array, tail: Float32Array, correlation: number) {
  const run = (at: { head: number; tail: number }) =>
    kernels.call.crossfade(at.head, at.tail, head.length, correlation);
  return guarded(kernels, { head, tail }, run).after;
}

const power = (pcm: Float32Array) => pcm.reduce((sum, x) => sum + x * x, 0) / pcm.length;

describe.each([0, 0.3, 1])('of correlation %d', (correlation) => {
  test.each(LENGTHS)('%i cross-faded samples are the twin’s', (length) => {
    const [head, tail] = [noise(length, 1), noise(length, 2)];
    const after = crossfaded(head, tail, correlation);
    expect(after.head).toEqual(twin.crossfade(head, tail, correlation));
    expect(after.tail).toEqual(tail);
  });

  test('two of that correlation keep their power, in every quarter', () => {
    const [shared, own] = [noise(40000, 1), noise(40000, 2)];
    const mixed = shared.map(
      (x, i) => correlation * x + Math.sqrt(1 - correlation ** 2) * (own[i] ?? 0),
    );
    const { head } = crossfaded(shared, mixed, correlation);
    for (let at = 0; at < 40000; at += 10000) {
      expect(10 * Math.log10(power(head.subarray(at, at + 10000)) / power(own))).toBeCloseTo(
        0,
        0.5,
      );
    }
  });
});

test('the same into the same stays as it is', () => {
  const pcm = noise(1000, 1);
  const { head } = crossfaded(pcm, pcm.slice(), 1);
  head.forEach((sample, i) => {
    expect(sample).toBeCloseTo(pcm[i] ?? 0, 6);
  });
});
