import { describe, expect, test } from 'vitest';
import {
  FINGERPRINT_LENGTH,
  fingerprintOf,
  likeness,
} from '../../../bake/quality-gate/fingerprint.ts';
import { DEFAULT_GATE } from '../../../bake/quality-gate.ts';
import { hiss, inTurn, louder, SAMPLE_RATE, silence, strike } from './sounds.ts';

const print = (pcm: Float32Array) => fingerprintOf(pcm, SAMPLE_RATE);
const alike = (a: Float32Array, b: Float32Array) => likeness(print(a), print(b));

const SOUNDS: [string, Float32Array][] = [
  ['noise', hiss(1.2, -20)],
  ['a stroke', strike(0.6, 80)],
  ['a short stroke', strike(0.1, 300)],
  ['two strokes', inTurn(strike(0.3, 120), strike(0.3, 120, 1900))],
];

describe('likeness', () => {
  test.each(SOUNDS)(
    'of %s to itself is 1, to a copy at another level or place nearly so',
    (_, a) => {
      expect(alike(a, a)).toBe(1);
      for (const db of [-1, 1, -20]) expect(alike(a, louder(a, db))).toBeGreaterThan(0.999);
      for (const late of [0.0004, 0.003, 0.0071]) {
        expect(alike(a, inTurn(silence(late), a))).toBeGreaterThan(0.999);
      }
    },
  );

  test.each(SOUNDS)('of %s to a copy whose colour changed by 1 dB is a near copy’s', (_, a) => {
    const darker = a.map((sample, n) => sample + 0.06 * (a[n - 1] ?? 0));
    expect(alike(a, darker)).toBeGreaterThan(DEFAULT_GATE.maxLikeness);
  });

  test('of two takes of one noise is no near copy’s', () => {
    expect(alike(hiss(1.2, -20, 1), hiss(1.2, -20, 2))).toBeLessThan(DEFAULT_GATE.maxLikeness);
  });

  test('is the same both ways, and less the more sounds differ', () => {
    const [a, near, far] = [strike(0.6, 80), strike(0.6, 95), hiss(0.6, -20)].map(print);
    if (!a || !near || !far) throw new Error('no fingerprints');
    expect(likeness(a, near)).toBe(likeness(near, a));
    expect(likeness(a, near)).toBeGreaterThan(likeness(a, far));
    expect(likeness(a, far)).toBeGreaterThanOrEqual(0);
  });

  test('of silence is 1 to silence and 0 to anything else', () => {
    expect(alike(silence(1), silence(0.2))).toBe(1);
    expect(alike(silence(1), strike(0.6, 80))).toBe(0);
    expect(alike(new Float32Array(0), silence(1))).toBe(1);
  });

  test('fingerprints of another length are refused', () => {
    expect(() => likeness(new Float32Array(80), new Float32Array(4))).toThrow(/got 80 and 4/);
  });
});

describe('fingerprint', () => {
  test('is 80 numbers, whatever the sound’s length and sample rate', () => {
    expect(FINGERPRINT_LENGTH).toBe(80);
    for (const length of [0, 1, 319, 32000, 320000]) {
      const found = print(hiss(length / SAMPLE_RATE, -20));
      expect(found.length).toBe(80);
      expect(found.every(Number.isFinite)).toBe(true);
    }
    expect(fingerprintOf(hiss(1, -20), 48000).length).toBe(80);
  });
});
