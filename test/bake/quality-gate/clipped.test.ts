import { describe, expect, test } from 'vitest';
import { flatSamples, isClipped } from '../../../bake/quality-gate/clipped.ts';
import { noise, sine } from '../../reference/seeded.ts';
import { SAMPLE_RATE } from './sounds.ts';

const limitedTo = (limit: number, pcm: Float32Array) =>
  pcm.map((sample) => Math.max(-limit, Math.min(limit, sample)));

describe('clipped', () => {
  test('is a tone that is cut at full scale, however little', () => {
    const tone = (amplitude: number) => sine(0.5, SAMPLE_RATE, { hertz: 440, amplitude });
    expect(isClipped(limitedTo(1, tone(1.2)))).toBe(true);
    expect(isClipped(limitedTo(1, tone(1.02)))).toBe(true);
    expect(isClipped(tone(1))).toBe(false);
  });

  test('is not what goes beyond full scale unbent', () => {
    expect(isClipped(sine(0.5, SAMPLE_RATE, { hertz: 440, amplitude: 3 }))).toBe(false);
    expect(isClipped(noise(SAMPLE_RATE, 1, 4))).toBe(false);
  });

  test.each([40, 60, 100])('is not a bass of %i Hz at full scale, round at its tops', (hertz) => {
    expect(isClipped(sine(0.25, SAMPLE_RATE, { hertz, phase: 0.3 }))).toBe(false);
  });

  test('is not a flat top below full scale: a synthetic square wave', () => {
    expect(isClipped(limitedTo(0.5, sine(0.5, SAMPLE_RATE, { hertz: 100 })))).toBe(false);
  });

  test('neighbours count from three on, and ten such samples are a fault', () => {
    const tops = (...lengths: number[]) =>
      Float32Array.from(lengths.flatMap((length) => [0, ...new Array(length).fill(1), 0.2]));
    expect(flatSamples(tops(1, 2))).toBe(0);
    expect(flatSamples(tops(3))).toBe(3);
    expect(flatSamples(tops(3, 5))).toBe(8);
    expect(isClipped(tops(9))).toBe(false);
    expect(isClipped(tops(10))).toBe(true);
    expect(isClipped(tops(10).map((sample) => -sample))).toBe(true);
    expect(isClipped(new Float32Array(0))).toBe(false);
  });
});
