/**
 * What a clip is like, block by block: its level in each octave, by Haar's pyramid of sums and differences.
 *
 *   pcm ─┬─ differences of neighbours ──▶ upper half of the spectrum
 *        └─ sums, half as many ─┬─ differences ──▶ the octave below
 *                               └─ sums ─ …
 *
 * Octaves that overlap a good deal, but one pass over the clip tells rain from rumble, and a crackle from its bed.
 */

/** Differences of six octaves, and what is below them. */
export const BANDS = 7;
/** Blocks are multiples of it. */
export const GRAIN = 2 ** (BANDS - 1);

/**
 * @param block samples, a multiple of GRAIN; what is left at the end of the clip is left out
 * @param range decibels below the loudest level; what is quieter counts as that
 * @returns dB, [blocks, BANDS], highest octave first
 */
export function octaveLevels(pcm: Float32Array, block: number, range: number): Float32Array {
  const blocks = Math.floor(pcm.length / block);
  const levels = new Float32Array(blocks * BANDS);
  let sums = Float32Array.from(pcm.subarray(0, blocks * block));
  for (let band = 0, width = block; band < BANDS; band++, width /= 2) {
    const isLast = band === BANDS - 1;
    const differences = sums.subarray(isLast ? 0 : sums.length / 2);
    if (!isLast) sums = halve(sums);
    const count = isLast ? width : width / 2;
    for (let b = 0; b < blocks; b++) {
      levels[b * BANDS + band] = energyOf(differences, b * count, count);
    }
  }
  return toDecibels(levels, range);
}

/** Sums into the first half, differences into the second, both of the same power as before. @returns the sums */
function halve(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const half = values.length / 2;
  const differences = new Float32Array(half);
  for (let i = 0; i < half; i++) {
    const [a = 0, b = 0] = [values[2 * i], values[2 * i + 1]];
    differences[i] = (a - b) * Math.SQRT1_2;
    values[i] = (a + b) * Math.SQRT1_2;
  }
  values.set(differences, half);
  return values.subarray(0, half);
}

function energyOf(values: Float32Array, from: number, count: number): number {
  let energy = 0;
  for (let i = from; i < from + count; i++) energy += (values[i] ?? 0) ** 2;
  return energy;
}

function toDecibels(energies: Float32Array, range: number): Float32Array {
  let loudest = 1e-30;
  for (const energy of energies) loudest = Math.max(loudest, energy);
  const floor = loudest * 10 ** (-range / 10);
  return energies.map((energy) => 10 * Math.log10(Math.max(floor, energy)));
}
