/** The name of a sound on this side of the boundary: same sound, same key; how urgent it is does not matter. */
import type { SoundRequestInput } from '../../runtime/contract.ts';
import { USUAL_DURATION } from './meter.ts';

export function takeKey(request: SoundRequestInput): string {
  const { prompt, duration, seed, guidanceScale, temperature, topK, topP, loop } = request;
  return JSON.stringify([
    prompt,
    duration ?? USUAL_DURATION,
    seed ?? 0,
    guidanceScale,
    temperature,
    topK,
    topP,
    loop ?? false,
  ]);
}
