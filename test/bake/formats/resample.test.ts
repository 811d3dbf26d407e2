import { describe, expect, test } from 'vitest';
import { resample } from '../../../bake/formats/resample.ts';
import { noise, sine } from '../../reference/seeded.ts';

const UP = { from: 32000, to: 48000 };

/** dB of the largest difference, relative to full scale. */
function difference(a: Float32Array, b: Float32Array, from = 0, to = a.length): number {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return 20 * Math.log10(most);
}

describe('resample', () => {
  test('a tone is the same tone, at the same time', () => {
    for (const hertz of [30, 440, 5000, 13000]) {
      const up = resample(sine(0.1, 32000, { hertz }), UP, false);
      const expected = sine(0.1, 48000, { hertz });
      expect(up.length).toBe(4800);
      expect(difference(up, expected, 100, 4700)).toBeLessThan(-80);
    }
  });

  test('what a lower rate cannot hold is gone, the rest stays', () => {
    const down = { from: 48000, to: 32000 };
    const high = resample(sine(0.1, 48000, { hertz: 19000 }), down, false);
    expect(difference(high, new Float32Array(high.length), 100, 3100)).toBeLessThan(-80);
    const low = resample(sine(0.1, 48000, { hertz: 3000 }), down, false);
    expect(difference(low, sine(0.1, 32000, { hertz: 3000 }), 100, 3100)).toBeLessThan(-80);
  });

  test('a loop of any length is a loop: turned by some samples before, it is turned after', () => {
    for (const length of [3, 100, 1000]) {
      const pcm = noise(length, length);
      const up = resample(pcm, UP, true);
      expect(up.length).toBe(Math.round(1.5 * length));
      const turned = pcm.map((_, i) => pcm[(i + 2) % length]!);
      if (length % 2 === 1) continue; // turned by half a sample
      const expected = up.map((_, i) => up[(i + 3) % up.length]!);
      expect(difference(resample(turned, UP, true), expected)).toBeLessThan(-120);
    }
  });

  test('a loop whose length at the new rate is no whole number has no seam', () => {
    const length = 3201; // 4801.5 at 48 kHz
    const cycles = 45;
    const wave = (count: number) =>
      Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * cycles * i) / count));
    expect(difference(resample(wave(length), UP, true), wave(4802))).toBeLessThan(-80);
  });

  test('equal rates: equal samples; nothing: nothing', () => {
    const pcm = noise(100, 1);
    expect(resample(pcm, { from: 48000, to: 48000 }, false)).toEqual(pcm);
    expect(resample(new Float32Array(0), UP, false).length).toBe(0);
    expect(resample(new Float32Array(0), UP, true).length).toBe(0);
  });
});
