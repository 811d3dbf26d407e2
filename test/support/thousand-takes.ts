/** A thousand baked takes of 1 s, codes drawn at random: as large as real ones, and quickly made. */
import type { BakedTake } from '../../runtime/contract.ts';
import type { TokenPackInfo } from '../../runtime/token-pack.ts';
import { bakedTake } from '../runtime/baked-takes.ts';

export function thousandTakes(info: TokenPackInfo): BakedTake[] {
  const plan = { start: 0, length: info.sampleRate, crossfade: 0, correlation: 0, gainDb: 0 };
  return Array.from({ length: 1000 }, (_, i) => {
    const prompt = `footstep on surface ${i >> 2}`;
    return { ...bakedTake({ prompt, seed: i & 3, draw: i, duration: 1 }, info), plan };
  });
}
