/** Twins of assemblyscript/loudness.ts (one filter after the other) and of runtime/loudness.ts. */

/** b0 b1 b2 a1 a2 */
export type Biquad = [number, number, number, number, number];

/** ITU-R BS.1770-4, tables 1 and 2: 48 kHz. */
export const SHELF_48K: Biquad = [
  1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
];
export const HIGH_PASS_48K: Biquad = [1, -2, 1, -1.99004745483398, 0.99007225036621];

export function filter(pcm: ArrayLike<number>, [b0, b1, b2, a1, a2]: Biquad): Float64Array {
  let s1 = 0;
  let s2 = 0;
  return Float64Array.from(pcm, (x) => {
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    return y;
  });
}

export function kWeightedEnergies(
  pcm: Float32Array,
  [shelf, highPass]: [Biquad, Biquad],
  segment: number,
): Float64Array {
  const energies = new Float64Array(Math.ceil(pcm.length / segment));
  const weighted = filter(filter(pcm, shelf), highPass);
  weighted.forEach((y, n) => {
    energies[Math.floor(n / segment)]! += y * y;
  });
  return energies;
}

/** 48 kHz, mono, at least 400 ms: block after block, each summed anew. */
export function integratedLoudness48k(pcm: Float32Array): number {
  const weighted = filter(filter(pcm, SHELF_48K), HIGH_PASS_48K);
  const energies: number[] = [];
  for (let begin = 0; begin + 19200 <= weighted.length; begin += 4800) {
    energies.push(meanSquare(weighted.subarray(begin, begin + 19200)));
  }
  const lufs = (energy: number) => -0.691 + 10 * Math.log10(energy);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const audible = energies.filter((energy) => lufs(energy) > -70);
  const gate = lufs(mean(audible)) - 10;
  return lufs(mean(audible.filter((energy) => lufs(energy) > gate)));
}

function meanSquare(samples: Float64Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}
