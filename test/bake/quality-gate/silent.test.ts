import { describe, expect, test } from 'vitest';
import { isSilent } from '../../../bake/quality-gate/silent.ts';
import { hiss, inTurn, SAMPLE_RATE, silence } from './sounds.ts';

const silent = (pcm: Float32Array) => isSilent(pcm, SAMPLE_RATE);

describe('silent', () => {
  test('is nothing, and what lies below −55 dB all the time', () => {
    expect(silent(silence(1))).toBe(true);
    expect(silent(hiss(1, -56))).toBe(true);
    expect(silent(hiss(1, -54))).toBe(false);
  });

  test('is not a short sound in a long silence', () => {
    expect(silent(inTurn(silence(1), hiss(0.06, -40), silence(2)))).toBe(false);
    expect(silent(inTurn(silence(1), hiss(0.01, -40), silence(2)))).toBe(false);
  });

  test('a single sample at full scale is heard as a click; a few faint ones are not', () => {
    expect(silent(inTurn(silence(0.5), Float32Array.of(1), silence(0.5)))).toBe(false);
    expect(silent(inTurn(silence(0.5), Float32Array.of(0.03, -0.03), silence(0.5)))).toBe(true);
  });

  test.each([0, 1, 7, 319, 320, 321])('a sound of %i samples has a level too', (length) => {
    expect(silent(new Float32Array(length))).toBe(true);
    expect(silent(new Float32Array(length).fill(0.5))).toBe(length === 0);
  });
});
