/** Codes u16 [K, T] → spectrum [T · stftPerCodecFrame, N/2 + 1] and partials by the engine → PCM by our inverse STFT. */
import type { Engine } from './engine.ts';
import type { InverseStft } from './inverse-stft.ts';

/** Step 6 of the pipeline. @returns f32 [T · sampleRate / codecFrameRate], mono */
export async function decodeCodes(
  engine: Engine,
  inverseStft: InverseStft,
  codes: Uint16Array,
  codecFrames: number,
): Promise<Float32Array> {
  return inverseStft.run(await engine.decode(codes, codecFrames));
}
