import { describe, expect, test } from 'vitest';
import { createResampler } from '../../../plugin/voices/resampler.ts';
import { SIGNALS, splitInto } from '../streamed.ts';

const noise = SIGNALS.noise!;

/** All pieces, one after the other. */
function resampled(pcm: Float32Array, step: number, sizes: number[]): number[] {
  const resampler = createResampler(step);
  return splitInto(pcm, sizes).flatMap((part) => [...resampler.push(part.pcm)]);
}

describe.each([1, 0.5, 2, 32000 / 48000, 32000 / 44100, 2 ** (3 / 12), 7.3])('step %d', (step) => {
  test('pieces of any size give the samples of the whole', () => {
    const pcm = noise.subarray(0, 5000);
    const whole = resampled(pcm, step, [5000]);
    for (const sizes of [[1], [2, 3], [1600], [4999, 1]]) {
      expect(resampled(pcm, step, sizes)).toEqual(whole);
    }
  });

  test('a straight line stays one, from its first sample to its last', () => {
    const line = Float32Array.from({ length: 1000 }, (_, i) => i);
    const out = resampled(line, step, [137, 1, 64]);
    expect(out).toHaveLength(Math.floor(999 / step) + 1);
    out.forEach((value, k) => {
      expect(value).toBeCloseTo(k * step, 2);
    });
  });
});

test('nothing comes of nothing, and it does no harm', () => {
  const resampler = createResampler(1);
  const none = new Float32Array(0);
  expect(resampler.push(none)).toHaveLength(0);
  expect([...resampler.push(Float32Array.of(1, 2))]).toEqual([1, 2]);
  expect(resampler.push(none)).toHaveLength(0);
  expect([...resampler.push(Float32Array.of(3))]).toEqual([3]);
});
