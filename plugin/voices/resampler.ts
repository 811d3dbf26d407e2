/**
 * Resampling of a signal that comes in pieces: the pieces that come out are one signal too, without a seam.
 *
 *   in    ·   ·   ·   ·|  ·   ·   ·   ·        f32, any number of samples at a time
 *   out   •  •  •  •  •|  •  •  •  •           out[k] = in at k · step, on the straight line between its neighbours
 *
 * An output sample waits for the input sample behind it, so the last one of a piece comes with the next piece. Straight
 * lines, because that is how Chromium, WebKit and node-web-audio-api play an AudioBuffer whose rate is not the context's:
 * a streamed sound is the sound that comes from the cache later, within rounding.
 */
export interface Resampler {
  /** @param pcm f32 [samples] that follow those before @returns f32, possibly empty */
  push(pcm: Float32Array): Float32Array<ArrayBuffer>;
}

/** @param step input samples for each output sample, > 0 */
export function createResampler(step: number): Resampler {
  let begin = 0; // number of the first input sample of this piece
  let last = 0; // the input sample before it
  let next = 0; // number of the next output sample

  return {
    push(pcm) {
      const until = Math.floor((begin + pcm.length - 1) / step) + 1;
      const out = new Float32Array(Math.max(0, until - next));
      for (let k = 0; k < out.length; k++) {
        const position = (next + k) * step - begin;
        const i = Math.floor(position);
        const before = (i < 0 ? last : pcm[i]) ?? 0;
        const after = pcm[i + 1] ?? before;
        out[k] = before + (position - i) * (after - before);
      }
      next += out.length;
      begin += pcm.length;
      last = pcm.at(-1) ?? last;
      return out;
    },
  };
}
