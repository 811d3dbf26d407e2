import { expect, test } from 'vitest';
import { INTENSITY_LIMITS, impactGain, intensityOf } from '../../plugin/scene-event.ts';

test('impulses become words at their limits', () => {
  const { medium, hard } = INTENSITY_LIMITS;
  const words = [0, medium - 0.01, medium, hard - 0.01, hard, 1e6].map(intensityOf);
  expect(words).toEqual(['soft', 'soft', 'medium', 'medium', 'hard', 'hard']);
});

test('an impulse that is no number is soft and quiet', () => {
  for (const impulse of [Number.NaN, -1, -Infinity]) {
    expect(intensityOf(impulse)).toBe('soft');
    expect(impactGain(impulse)).toBe(0.15);
  }
});

test('harder is louder, up to full volume', () => {
  const { hard } = INTENSITY_LIMITS;
  expect(impactGain(hard / 4)).toBeCloseTo(0.5, 6);
  expect(impactGain(hard)).toBe(1);
  expect(impactGain(100 * hard)).toBe(1);
});
