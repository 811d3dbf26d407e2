/**
 * What the pipeline needs from an engine: three networks, no policy. Implementations: engines/onnx.ts.
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

/** One generation in progress: owns its key-value cache. */
export interface TokenStepper {
  /**
   * Runs one step.
   * @param tokens u16 [K]: a code below V, or V for "none yet / no more".
   * @returns logits f32 [B, K, V], valid until the next call.
   */
  step(tokens: Uint16Array): Promise<Float32Array>;
  dispose(): void;
}

export interface Engine {
  /** Part of the sound key: two engines with the same name give the same codes. */
  readonly arithmetic: string;
  readonly device: 'wasm' | 'webgpu';
  encodeText(tokenIds: number[]): Promise<TextEmbedding>;
  /** @param guided true for B = 2. */
  startTokens(text: TextEmbedding, guided: boolean): Promise<TokenStepper>;
  /** @param codes u16 [K, T], row-major. */
  decode(codes: Uint16Array, codecFrames: number): Promise<Spectrum>;
  dispose(): Promise<void>;
}
