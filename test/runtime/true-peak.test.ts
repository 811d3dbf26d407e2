import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { limitTruePeak, scaled, truePeak } from '../../runtime/true-peak.ts';
import { noise, sine } from '../reference/seeded.ts';
import { finePeak, smoothed } from '../reference/true-peak.ts';

const kernels = await loadKernels();
const RATE = 32000;
const db = (linear: number) => 20 * Math.log10(linear);
const limit = (pcm: Float32Array, ceiling: number, loop = false) =>
  limitTruePeak(kernels, pcm, { sampleRate: RATE, ceiling, loop });

/** Fades keep the edges of a test tone from being its highest peak. */
function faded(pcm: Float32Array): Float32Array {
  return pcm.map((x, i) => x * Math.min(1, i / 400, (pcm.length - 1 - i) / 400));
}

describe('meter', () => {
  test('a sine at a quarter of the sample rate, 45° off: samples −3 dB, true peak 0 dB', () => {
    const tone = faded(sine(0.1, RATE, { hertz: RATE / 4, phase: Math.PI / 4 }));
    expect(db(Math.max(...tone))).toBeCloseTo(-3.01, 2);
    const measured = db(truePeak(kernels, tone));
    expect(measured).toBeGreaterThan(-0.4);
    expect(measured).toBeLessThan(0.2);
  });

  test.each([
    { name: '15: fs/4 at 0°', divisor: 4, degrees: 0 },
    { name: '16: fs/4 at 45°', divisor: 4, degrees: 45 },
    { name: '17: fs/6 at 60°', divisor: 6, degrees: 60 },
    { name: '18: fs/8 at 67.5°', divisor: 8, degrees: 67.5 },
  ])('EBU Tech 3341 case $name: −6 dBTP within +0.2 / −0.4 dB', ({ divisor, degrees }) => {
    const phase = (degrees * Math.PI) / 180;
    const tone = faded(sine(0.1, RATE, { hertz: RATE / divisor, amplitude: 0.5, phase }));
    const measured = db(truePeak(kernels, tone));
    expect(measured).toBeGreaterThan(-6.4);
    expect(measured).toBeLessThan(-5.8);
  });

  test('silence and nothing at all have none', () => {
    expect(truePeak(kernels, new Float32Array(100))).toBe(0);
    expect(truePeak(kernels, new Float32Array(0))).toBe(0);
  });

  test('a loop is measured over its seam', () => {
    const loop = Float32Array.of(0.7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.7);
    expect(truePeak(kernels, loop, true)).toBeGreaterThan(truePeak(kernels, loop, false));
  });
});

describe('limiter', () => {
  const loud = (seed: number) =>
    smoothed(faded(noise(6400, seed, 1)).map((x, i) => x * (i % 900 < 90 ? 3 : 0.5)));

  test('true peak is at or below the ceiling, also to a finer meter (0.5 dB)', () => {
    for (let seed = 0; seed < 3; seed++) {
      const limited = limit(loud(seed), 0.8);
      expect(truePeak(kernels, limited)).toBeLessThanOrEqual(0.8);
      expect(db(finePeak(limited) / 0.8)).toBeLessThan(0.5);
    }
  });

  test('what never comes near the ceiling comes out bit for bit', () => {
    const quiet = noise(5000, 1, 0.1);
    const limited = limit(quiet, 0.8);
    expect(limited).toEqual(quiet);
    expect(limited).not.toBe(quiet);
  });

  test('far from a peak nothing changes; the gain is back within a second', () => {
    const pcm = sine(2, RATE, { hertz: 200, amplitude: 0.5 });
    pcm.set(sine(0.01, RATE, { hertz: 200, amplitude: 2 }), RATE / 2);
    const limited = limit(pcm, 0.8);
    const before = RATE / 2 - 200;
    expect(limited.subarray(0, before)).toEqual(pcm.subarray(0, before));
    const late = [RATE * 1.5, RATE * 1.7].map((i) => limited[i + 40]! / pcm[i + 40]!);
    for (const gain of late) expect(gain).toBeCloseTo(1, 3);
  });

  test('the gain moves as a ramp: no step from sample to sample over 2 %', () => {
    const pcm = new Float32Array(6400).fill(0.5);
    pcm.fill(2, 3000, 3050);
    const gains = limit(pcm, 0.8).map((x, i) => x / pcm[i]!);
    for (let i = 1; i < gains.length; i++) {
      expect(Math.abs(gains[i]! - gains[i - 1]!)).toBeLessThan(0.02);
    }
  });

  test('the gain of a loop runs on over its seam', () => {
    const pcm = new Float32Array(16000).fill(0.5);
    pcm.fill(2, 0, 100);
    const gains = limit(pcm, 0.8, true).map((x, i) => x / pcm[i]!);
    expect(Math.abs(gains.at(-1)! - gains[0]!)).toBeLessThan(0.02);
    const oneShot = limit(pcm, 0.8).map((x, i) => x / pcm[i]!);
    expect(Math.abs(oneShot.at(-1)! - oneShot[0]!)).toBeGreaterThan(0.5);
  });

  test('every length from 0 to 67 stays below the ceiling, as one-shot and as loop', () => {
    for (let length = 0; length <= 67; length++) {
      for (const loop of [false, true]) {
        const limited = limit(noise(length, length, 3), 0.5, loop);
        expect(limited.length).toBe(length);
        expect(truePeak(kernels, limited, loop)).toBeLessThanOrEqual(0.5);
      }
    }
  });
});

test('scaled leaves the given clip as it is', () => {
  const pcm = noise(10, 1);
  const before = pcm.slice();
  expect(scaled(kernels, pcm, 2)).toEqual(before.map((x) => 2 * x));
  expect(pcm).toEqual(before);
});
