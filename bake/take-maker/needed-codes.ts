/**
 * Of a take's codes only those that are heard: what finishing cuts off behind the sound is not shipped.
 *
 *   codec frames   |████████████████████████|▒▒▒▒▒▒|··················|
 *                  start … end of what is heard   looked at  cut off       a footstep of 0.2 s was asked for with 1 s
 *
 * The decoder looks some codec frames ahead, and an STFT frame reaches over several; with those kept, the PCM up to the end is
 * the same to the sample. Before the start nothing is left out: the decoder remembers it.
 */
import type { FinishPlan } from '../../runtime/contract.ts';
import { AHEAD } from '../../runtime/engines/wasm-codec-decoder.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';

type CodecShape = Pick<ModelManifest, 'sampleRate' | 'codecFrameRate' | 'numCodebooks' | 'stft'>;

/**
 * @param codes u16 [K, T]
 * @returns u16 [K, T' ≤ T]
 */
export function neededCodes(
  codes: Uint16Array,
  { start, length, crossfade }: Pick<FinishPlan, 'start' | 'length' | 'crossfade'>,
  { sampleRate, codecFrameRate, numCodebooks, stft }: CodecShape,
): Uint16Array {
  const codecFrames = codes.length / numCodebooks;
  const reach = start + length + crossfade + stft.size;
  const needed = Math.min(codecFrames, Math.ceil((reach * codecFrameRate) / sampleRate) + AHEAD);
  const kept = new Uint16Array(numCodebooks * needed);
  for (let k = 0; k < numCodebooks; k++) {
    kept.set(codes.subarray(k * codecFrames, k * codecFrames + needed), k * needed);
  }
  return kept;
}
