/** How STFT frames lie on the samples. */
import type { Hertz } from './contract.ts';

export interface StftShape {
  /** N: power of two ≥ 2. */
  size: number;
  /** H: 1 to N, N − H even. */
  hop: number;
  /** What the partials' frequencies are counted by. */
  sampleRate: Hertz;
}

/** @throws RangeError if the size or the hop is not as above. */
export function checkStftShape({ size, hop }: StftShape): void {
  const isPowerOfTwo = Number.isInteger(Math.log2(size)) && size >= 2;
  const fits = Number.isInteger(hop) && hop >= 1 && hop <= size && (size - hop) % 2 === 0;
  if (isPowerOfTwo && fits) return;
  throw new RangeError(
    `inverse-stft: the size should be a power of two ≥ 2 and the hop 1 to size with an even rest, ` +
      `we got size ${size}, hop ${hop}. Check "stft" in model.json.`,
  );
}
