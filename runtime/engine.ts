/**
 * What the pipeline needs from an engine: three networks, no policy. Implementations: engines/wasm.ts, gpu-engine.ts,
 * onnx.ts.
 *
 * Shapes: L text tokens, D text width, B batch (1, or 2 with guidance: row 0 the prompt, row 1 the null condition),
 * K codebooks, V codebook size, T codec frames, F STFT frames (F = T · stftPerCodecFrame), N STFT size, C channels of
 * partials.
 */

/** f32 [length, width], row-major. */
export interface TextEmbedding {
  data: Float32Array;
  length: number;
  width: number;
}

/** Real part, imaginary part and noise magnitude (root mean square, ≥ 0), each f32 [frames, N/2 + 1], row-major. */
export interface Spectrum {
  real: Float32Array;
  imag: Float32Array;
  noise: Float32Array;
  frames: number;
  /** Absent: none ring. */
  partials?: Partials;
}

/** Sines that ring on from STFT frame to STFT frame: one per channel, each array f32 [frames, channels], row-major. */
export interface Partials {
  /** Largest magnitude that the partial gives a bin, ≥ 0. */
  gain: Float32Array;
  /** Hz. */
  frequency: Float32Array;
  channels: number;
}

/** How codes are chosen. */
export interface TokenOptions {
  /** T ≥ 1. */
  codecFrames: number;
  /** Classifier-free guidance; 1 is off: the null condition is not run at all. */
  guidanceScale: number;
  /** ≥ 0; 0 takes the likeliest code. */
  temperature: number;
  /** 0 to V; 0 is off. */
  topK: number;
  /** 0 to 1; 0 or 1 is off. */
  topP: number;
  /** uint32. */
  seed: number;
}

/** One generation in progress: owns its key-value cache. */
export interface TokenGeneration {
  /**
   * Runs one step of delay-pattern.ts, fed with the column of the step before.
   * @returns the step's column u16 [K], V outside the pattern; valid until the next call.
   * @throws RangeError if a logit is NaN or infinite
   */
  next(): Promise<Uint16Array>;
  /** Logits f32 [B, K, V] of the step to come, before guidance; valid until the next call. For looking, not for playing. */
  logits(): Promise<Float32Array>;
  dispose(): void;
}

/** One sound's codes on their way to PCM. */
export interface CodecStream {
  /**
   * @param codes u16 [K, codecFrames], row-major: what comes next; codecFrames ≥ 1
   * @param last true if nothing comes after them
   * @returns f32, the samples that are settled by now: in all those of the codec frames pushed, once the last are
   */
  push(codes: Uint16Array, codecFrames: number, last: boolean): Promise<Float32Array>;
  dispose(): void;
}

export interface Engine {
  /** Part of the sound key: two engines with the same name give the same codes. */
  readonly arithmetic: string;
  readonly device: 'wasm' | 'webgpu';
  encodeText(tokenIds: number[]): Promise<TextEmbedding>;
  startTokens(text: TextEmbedding, options: TokenOptions): Promise<TokenGeneration>;
  openCodec(): CodecStream;
  dispose(): Promise<void>;
}
