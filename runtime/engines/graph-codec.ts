/** The codec's decoder as a graph takes all codes at once: PCM comes with the last of them. */
import type { CodecStream, Spectrum } from '../engine.ts';
import { createInverseStft } from '../inverse-stft.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ModelManifest } from '../model-manifest.ts';

/** Runs the graph. @param codes [K, T], row-major; their numbers are in `dims` */
export type Decode = (codes: number[], dims: [number, number]) => Promise<Spectrum>;

export function createGraphCodec(
  kernels: Kernels,
  { numCodebooks, stft, sampleRate }: ModelManifest,
  decode: Decode,
): () => CodecStream {
  const inverseStft = createInverseStft(kernels, { ...stft, sampleRate });
  return () => {
    const parts: { codes: Uint16Array; codecFrames: number }[] = [];
    return {
      async push(codes, codecFrames, last) {
        parts.push({ codes: codes.slice(), codecFrames });
        if (!last) return new Float32Array(0);
        const rows = Array.from({ length: numCodebooks }, (_, k) =>
          parts.flatMap((part) => [
            ...part.codes.subarray(k * part.codecFrames, (k + 1) * part.codecFrames),
          ]),
        );
        return inverseStft.run(await decode(rows.flat(), [numCodebooks, rows[0]!.length]));
      },
      dispose: () => {},
    };
  };
}
