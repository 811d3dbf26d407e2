import { describe, expect, test } from 'vitest';
import { isCutOff } from '../../../bake/quality-gate/cut-off.ts';
import { sine } from '../../reference/seeded.ts';
import { hiss, inTurn, louder, SAMPLE_RATE, silence, strike } from './sounds.ts';

const cutOff = (pcm: Float32Array) => isCutOff(pcm, SAMPLE_RATE);

describe('cut off', () => {
  test('is a second event that sets in just before the end', () => {
    const steps = (gap: number) => inTurn(strike(0.4, 150), silence(gap), strike(0.05, 150));
    expect(cutOff(steps(0.1))).toBe(true);
    expect(cutOff(inTurn(steps(0.1), silence(0.2)))).toBe(false);
  });

  test('is an event that is as loud as nothing before it', () => {
    expect(cutOff(inTurn(silence(0.9), strike(0.1, 40)))).toBe(true);
    expect(cutOff(inTurn(hiss(0.9, -40), hiss(0.1, -20)))).toBe(true);
    expect(cutOff(inTurn(hiss(0.9, -28), hiss(0.1, -20)))).toBe(false);
  });

  test('is a struck thing that still rings at 12 dB below its stroke', () => {
    expect(cutOff(strike(1, 9))).toBe(true);
    expect(cutOff(strike(1, 14))).toBe(false);
    expect(cutOff(strike(1, 60))).toBe(false);
    expect(cutOff(louder(strike(1, 9), -40))).toBe(true);
  });

  test('is not what lasts: it would stop like that with every seed', () => {
    expect(cutOff(hiss(2, -20))).toBe(false);
    expect(cutOff(strike(1, 3))).toBe(false);
    const tremolo = hiss(2, -20).map((s, n) => s * (1 + 0.5 * Math.sin((n * 40) / SAMPLE_RATE)));
    expect(cutOff(tremolo)).toBe(false);
  });

  test('is not a swell that is slower than an onset', () => {
    const swell = hiss(2, -20).map((sample, n) => sample * (0.02 + n / (2 * SAMPLE_RATE)));
    expect(cutOff(swell)).toBe(false);
  });

  test.each([0, 1, 500, 3200])('%i samples are too few to say so', (length) => {
    expect(cutOff(new Float32Array(length))).toBe(false);
    expect(cutOff(sine(length / SAMPLE_RATE, SAMPLE_RATE, { hertz: 440 }))).toBe(false);
  });
});
