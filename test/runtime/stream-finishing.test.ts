import { beforeAll, describe, expect, test } from 'vitest';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { createStreamFinisher, type StreamFinishOptions } from '../../runtime/stream-finishing.ts';
import { truePeak } from '../../runtime/true-peak.ts';
import { noise } from '../reference/seeded.ts';

const RATE = 32000;
const SHAPE: StreamFinishOptions = {
  ...{ sampleRate: RATE, duration: 1, gainDb: 0 },
  ...{ truePeakDb: -1, fadeInMs: 1, fadeOutMs: 20 },
};

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
});

function tone(samples: number, amplitude: number, hertz = 500): Float32Array {
  return Float32Array.from(
    { length: samples },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE),
  );
}

/** The sound in parts of `size` samples, one after the other. */
function finishIn(raw: Float32Array, size: number, changes: Partial<StreamFinishOptions> = {}) {
  const finisher = createStreamFinisher(kernels, { ...SHAPE, ...changes });
  const parts: Float32Array[] = [];
  for (let from = 0; from < raw.length; from += size) {
    parts.push(finisher.push(raw.subarray(from, from + size)));
  }
  return { parts, whole: Float32Array.from(parts.flatMap((part) => [...part])) };
}

/** Largest step between neighbours, to tell a click. */
function steepest(pcm: Float32Array): number {
  return pcm.reduce((most, value, i) => Math.max(most, Math.abs(value - (pcm[i - 1] ?? value))), 0);
}

describe('finishing of a stream', () => {
  test('a sound that is neither too loud nor silent passes as it is between the fades', () => {
    const raw = tone(RATE, 0.5);
    for (const size of [640, 1000, 7777, RATE]) {
      const { whole } = finishIn(raw, size);
      expect(whole.length).toBe(RATE);
      const inside = (pcm: Float32Array) => pcm.slice(32, RATE - 640);
      expect(inside(whole)).toEqual(inside(raw));
    }
  });

  test('all samples come out by the end, at most those of the duration', () => {
    expect(finishIn(tone(RATE, 0.5), 640, { duration: 0.73 }).whole.length).toBe(0.73 * RATE);
    expect(finishIn(tone(0.4 * RATE, 0.5), 640, { duration: 0.4 }).whole.length).toBe(0.4 * RATE);
  });

  test('the first part comes out at once, but for 5 ms', () => {
    const [first] = finishIn(tone(RATE, 0.5), 1600).parts;
    expect(first!.length).toBe(1600 - 160);
  });

  test('begins and ends at zero without a click', () => {
    const cosine = Float32Array.from({ length: RATE }, (_, i) => 0.5 * Math.cos(i / 50));
    const { whole } = finishIn(cosine, 640);
    expect(Math.abs(whole[0]!)).toBeLessThan(0.03);
    expect(Math.abs(whole.at(-1)!)).toBeLessThan(0.01);
  });

  test('silence before the sound is left out, but for 2 ms', () => {
    const raw = new Float32Array(RATE);
    raw.set(tone(RATE / 2, 0.5).subarray(1), 5000);
    for (const size of [640, 4990, 5100]) {
      const { whole } = finishIn(raw, size);
      expect(Math.abs(whole.length - (RATE - 5000 + 64))).toBeLessThan(3);
      expect(whole.findIndex((sample) => Math.abs(sample) > 0.05)).toBeLessThan(80);
    }
    expect(finishIn(new Float32Array(RATE), 640).whole.length).toBe(0);
  });

  test('the gain is applied', () => {
    const { whole } = finishIn(tone(RATE, 0.1), 640, { gainDb: 12 });
    const peak = whole.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeCloseTo(0.1 * 10 ** (12 / 20), 2);
  });

  test('true peak stays below the ceiling whatever comes, in parts of any size', () => {
    const ceiling = 10 ** (-1 / 20);
    const raw = noise(RATE, 7, 3).map((value, i) => value * (Math.floor(i / 3000) % 3));
    for (const size of [64, 333, 640, 5000]) {
      const { parts, whole } = finishIn(raw, size);
      for (const part of parts) {
        expect(part.every((sample) => Math.abs(sample) <= ceiling * 1.0001)).toBe(true);
      }
      expect(truePeak(kernels, whole)).toBeLessThan(ceiling * 1.1);
    }
  });

  test('the gain falls before the loud part and rises after it, without a step', () => {
    const raw = new Float32Array([...tone(9600, 0.3), ...tone(6400, 3), ...tone(16000, 0.3)]);
    const { whole } = finishIn(raw, 640);
    expect(steepest(whole)).toBeLessThan(0.12); // 500 Hz at full scale: 0.098
    const level = (from: number, to: number) =>
      Math.sqrt(whole.slice(from, to).reduce((sum, x) => sum + x * x, 0) / (to - from));
    expect(level(4000, 8000)).toBeCloseTo(0.3 / Math.SQRT2, 2);
    expect(level(11000, 15000)).toBeGreaterThan(0.55);
    expect(level(24000, 28000)).toBeCloseTo(0.3 / Math.SQRT2, 2);
  });
});
