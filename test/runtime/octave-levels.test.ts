import { expect, test } from 'vitest';
import { BANDS, octaveLevels } from '../../runtime/octave-levels.ts';
import { noise, sine } from '../reference/seeded.ts';

const RATE = 32000;
const BLOCK = 640;

/** The loudest band of each block. */
function loudest(levels: Float32Array): number[] {
  return Array.from({ length: levels.length / BANDS }, (_, b) => {
    const block = levels.subarray(b * BANDS, (b + 1) * BANDS);
    return block.indexOf(Math.max(...block));
  });
}

test.each([
  [12000, 0],
  [5000, 1],
  [1400, 3],
  [100, BANDS - 1],
])('a tone of %i Hz is loudest in band %i', (hertz, band) => {
  const levels = octaveLevels(sine(0.2, RATE, { hertz }), BLOCK, 60);
  expect(new Set(loudest(levels))).toEqual(new Set([band]));
});

test('the powers of the bands add up to that of the block', () => {
  const pcm = noise(BLOCK, 1);
  const powers = octaveLevels(pcm, BLOCK, 200).map((level) => 10 ** (level / 10));
  const sum = powers.reduce((a, b) => a + b, 0);
  expect(sum).toBeCloseTo(
    pcm.reduce((a, x) => a + x * x, 0),
    2,
  );
});

test('levels are at most the range below the loudest, in silence too', () => {
  const pcm = new Float32Array(4 * BLOCK);
  pcm.set(noise(BLOCK, 1), BLOCK);
  const levels = octaveLevels(pcm, BLOCK, 30);
  expect(Math.max(...levels) - Math.min(...levels)).toBeCloseTo(30, 4);
  expect(octaveLevels(new Float32Array(BLOCK), BLOCK, 30).every(Number.isFinite)).toBe(true);
});

test('what does not fill a block is left out', () => {
  expect(octaveLevels(noise(2 * BLOCK + 63, 1), BLOCK, 60).length).toBe(2 * BANDS);
  expect(octaveLevels(noise(63, 1), BLOCK, 60).length).toBe(0);
});
