import { describe, expect, test } from 'vitest';
import { type FinishOptions, finish, loopSeam } from '../../runtime/finishing.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { integratedLoudness } from '../../runtime/loudness.ts';
import { truePeak } from '../../runtime/true-peak.ts';
import { noise, sine } from '../reference/seeded.ts';
import { finePeak, smoothed } from '../reference/true-peak.ts';

const kernels = await loadKernels();
const RATE = 32000;

const ONE_SHOT: FinishOptions = {
  sampleRate: RATE,
  loop: false,
  targetLufs: -20,
  truePeakDb: -1,
  fadeInMs: 1,
  fadeOutMs: 20,
  duration: 10,
};

function finished(pcm: Float32Array, options: Partial<FinishOptions> = {}) {
  return finish(kernels, pcm, { ...ONE_SHOT, ...options });
}

/** Silence with `sound` at a place. */
function placed(seconds: number, at: number, sound: Float32Array): Float32Array {
  const pcm = new Float32Array(Math.round(seconds * RATE));
  pcm.set(sound, Math.round(at * RATE));
  return pcm;
}

const rms = (pcm: Float32Array) => Math.sqrt(pcm.reduce((sum, x) => sum + x * x, 0) / pcm.length);
const toneAt = (amplitude: number, seconds = 1) => sine(seconds, RATE, { hertz: 1000, amplitude });

describe('silence', () => {
  test.each([false, true])('stays silence (loop: %s)', (loop) => {
    const { pcm, gainDb } = finished(new Float32Array(RATE), { loop });
    expect(pcm.length).toBeGreaterThan(0.7 * RATE);
    expect(pcm.every((sample) => sample === 0)).toBe(true);
    expect(gainDb).toBe(0);
  });

  test.each([false, true])('an empty clip stays empty (loop: %s)', (loop) => {
    expect(finished(new Float32Array(0), { loop }).pcm.length).toBe(0);
  });

  test('what lies below the absolute gate is not amplified', () => {
    expect(finished(noise(RATE, 1, 1e-5)).gainDb).toBe(0);
  });
});

describe('trimming a one-shot', () => {
  test('the attack is heard 2 ms after the start, wherever it was', () => {
    const sound = toneAt(0.5, 0.3);
    for (const at of [0, 0.001, 0.1, 0.4]) {
      const { pcm } = finished(placed(1, at, sound));
      const first = pcm.findIndex((x) => Math.abs(x) > 0.02);
      expect(first / RATE).toBeLessThan(0.003);
    }
  });

  test('the silence after it goes, the sound stays whole', () => {
    const { pcm } = finished(placed(2, 0.5, toneAt(0.5, 0.3)));
    expect(pcm.length / RATE).toBeCloseTo(0.302, 2);
  });

  test('at least 0.1 s is kept', () => {
    const { pcm } = finished(placed(1, 0.2, Float32Array.of(0.5, -0.5)));
    expect(pcm.length / RATE).toBeCloseTo(0.1, 3);
  });

  test('a clip shorter than that is kept as it is long', () => {
    expect(finished(noise(500, 1, 0.1)).pcm.length).toBe(500);
  });

  test('nothing beyond the duration comes back', () => {
    expect(finished(noise(RATE, 1, 0.1), { duration: 0.5 }).pcm.length).toBe(RATE / 2);
  });
});

describe('fades of a one-shot', () => {
  const flat = new Float32Array(RATE).fill(0.1);
  /** Far from the limiter. */
  const QUIET = { targetLufs: -60 };

  test('it begins and ends next to 0 and is full in between', () => {
    const { pcm } = finished(flat, QUIET);
    const full = pcm[RATE / 2]!;
    expect(Math.abs(pcm[0]! / full)).toBeLessThan(0.001);
    expect(Math.abs(pcm.at(-1)! / full)).toBeLessThan(0.001);
    expect(pcm[40]).toBe(full);
    expect(pcm[RATE - 650]).toBe(full);
    expect(pcm[RATE - 320]! / full).toBeCloseTo(0.5, 2);
  });

  test('no fades when their lengths are 0', () => {
    const { pcm } = finished(flat, { ...QUIET, fadeInMs: 0, fadeOutMs: 0 });
    expect(pcm[0]).toBe(pcm[RATE / 2]);
    expect(pcm.at(-1)).toBe(pcm[RATE / 2]);
  });

  test('every length from 0 to 67 comes back finite', () => {
    for (let length = 0; length <= 67; length++) {
      for (const loop of [false, true]) {
        const { pcm } = finished(noise(length, length), { loop });
        expect(pcm.every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe('loudness', () => {
  test.each([0.01, 0.1, 1])('noise of amplitude %d comes to the target', (amplitude) => {
    for (const targetLufs of [-20, -23]) {
      const { pcm } = finished(noise(2 * RATE, 3, amplitude), { targetLufs });
      const measured = integratedLoudness(kernels, pcm, RATE);
      expect(Math.abs(measured - targetLufs)).toBeLessThan(0.2);
    }
  });

  test('a clip under 400 ms comes to the target too', () => {
    const { pcm } = finished(noise(RATE * 0.25, 3, 0.05));
    expect(Math.abs(integratedLoudness(kernels, pcm, RATE) + 20)).toBeLessThan(0.2);
  });

  test('the gain is at most 30 dB', () => {
    expect(finished(noise(RATE, 3, 0.003)).gainDb).toBe(30);
  });

  test('the gain told is the gain applied', () => {
    const input = toneAt(0.05);
    const { pcm, gainDb } = finished(input);
    expect(20 * Math.log10(pcm[1001]! / input[1001]!)).toBeCloseTo(gainDb, 3);
  });
});

describe('true peak', () => {
  /** Clicks on a quiet bed: their peak is far above the loudness. */
  const clicks = () => {
    const pcm = noise(RATE, 5, 0.02);
    for (let at = 2000; at < RATE; at += 6000) pcm.set(noise(60, at, 0.9), at);
    return smoothed(pcm);
  };

  test('at most −1 dBTP, also to a finer meter (0.5 dB)', () => {
    const { pcm } = finished(clicks(), { targetLufs: -12 });
    expect(truePeak(kernels, pcm)).toBeLessThanOrEqual(10 ** (-1 / 20));
    expect(20 * Math.log10(finePeak(pcm))).toBeLessThan(-0.5);
  });

  test('the limiter takes at most 6 dB off: the rest is taken off the gain', () => {
    const input = clicks();
    const { gainDb } = finished(input, { targetLufs: 0, fadeInMs: 0, fadeOutMs: 0 });
    const peakDb = 20 * Math.log10(truePeak(kernels, input));
    expect(gainDb + peakDb).toBeCloseTo(5, 3);
  });
});

describe('loops', () => {
  const LOOP = { loop: true, targetLufs: -23 };

  test('it is at most as long as asked, and at most a fifth shorter', () => {
    for (const duration of [0.3, 1, 2]) {
      const length = Math.round((duration + loopSeam(duration)) * RATE);
      const { pcm, loop } = finished(noise(length, 1, 0.1), { ...LOOP, duration });
      expect(pcm.length).toBeLessThanOrEqual(Math.round(duration * RATE));
      expect(pcm.length).toBeGreaterThanOrEqual(0.79 * duration * RATE);
      expect(loop).toEqual({ start: 0, end: pcm.length / RATE });
    }
  });

  test('with nothing beyond it a part of the clip becomes the seam', () => {
    const { pcm } = finished(noise(2 * RATE, 1, 0.1), { ...LOOP, duration: 2 });
    expect(pcm.length).toBeLessThanOrEqual(1.75 * RATE);
    expect(pcm.length).toBeGreaterThan(1.35 * RATE);
  });

  test('noise keeps its power in the seam', () => {
    const { pcm } = finished(noise(1.25 * RATE, 9, 0.1), { ...LOOP, duration: 1 });
    const seam = pcm.subarray(0, RATE / 4);
    const rest = pcm.subarray(RATE / 4);
    expect(Math.abs(20 * Math.log10(rms(seam) / rms(rest)))).toBeLessThan(0.3);
  });

  test('the pause of an event stays, nothing is faded', () => {
    const { pcm } = finished(placed(1, 0.4, toneAt(0.1, 0.2)), { ...LOOP, duration: 1 });
    expect(pcm.length).toBeGreaterThan(0.59 * RATE);
    const constant = new Float32Array(RATE).fill(0.1);
    const { pcm: flat } = finished(constant, { loop: true, targetLufs: -60, duration: 1 });
    expect(flat.at(-1)).toBe(flat[RATE / 2]);
  });

  test('a one-shot has no loop points', () => {
    expect(finished(noise(RATE, 1)).loop).toBeUndefined();
  });
});

describe('bad input', () => {
  test.each([Number.NaN, Infinity, -Infinity])('%d is a RangeError that says so', (bad) => {
    const pcm = noise(1000, 1);
    pcm[999] = bad;
    expect(() => finished(pcm)).toThrow(RangeError);
    expect(() => finished(pcm)).toThrow(/NaN or Infinity/);
  });

  test('the clip given is not changed', () => {
    const pcm = noise(4000, 1);
    const before = pcm.slice();
    finished(pcm);
    finished(pcm, { loop: true });
    expect(pcm).toEqual(before);
  });
});
