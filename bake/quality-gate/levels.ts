/**
 * How loud a sound is from moment to moment.
 *
 *   pcm   │··│··│··│··│··│   grains of 10 ms
 *   level  ╰── 30 ms ─╯      the mean power of neighbours, in dB
 */
import type { Decibels, Hertz } from '../../runtime/contract.ts';

/** Levels a second. */
export const LEVEL_RATE = 100;
/** What counts as no sound at all. */
const NOTHING: Decibels = -120;

/**
 * @param grains neighbours that make one level: 3 is 30 ms
 * @returns dB of full scale, one for each place the window fits; of a shorter sound one for all of it
 */
export function levels(pcm: Float32Array, sampleRate: Hertz, grains: number): Float32Array {
  const powers = grainPowers(pcm, Math.round(sampleRate / LEVEL_RATE));
  const width = Math.max(1, Math.min(grains, powers.length));
  return Float32Array.from({ length: Math.max(1, powers.length - width + 1) }, (_, first) => {
    const sum = powers.subarray(first, first + width).reduce((total, power) => total + power, 0);
    return Math.max(NOTHING, 10 * Math.log10(sum / width));
  });
}

/** Mean squares; what is left at the end of the sound is left out, unless there is nothing else. */
function grainPowers(pcm: Float32Array, grain: number): Float64Array {
  const size = Math.max(1, Math.min(grain, pcm.length));
  return Float64Array.from({ length: Math.floor(pcm.length / size) }, (_, g) => {
    let sum = 0;
    for (let i = g * size; i < (g + 1) * size; i++) sum += (pcm[i] ?? 0) ** 2;
    return sum / size;
  });
}
