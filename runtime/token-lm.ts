/**
 * Token language model: text embedding f32 [L, D] → codes u16 [K, T], one step at a time.
 *
 *   step            0   1   2   3   4        K = 3 codebooks, T = 3 codec frames, S = T + K − 1 steps
 *   column  k = 0   a   b   c   V   V        what the engine's steps give; V outside the pattern
 *           k = 1   V   d   e   f   V        codebook k of step s is the code at time s − k,
 *           k = 2   V   V   g   h   i        so codec frame t is whole after step t + K − 1
 *
 * Between steps: the turn of more urgent requests, a look at the signal, and every 4 ms a macrotask so that messages can
 * arrive.
 */
import { isInside, stepsOf } from './delay-pattern.ts';
import type { Engine, TextEmbedding, TokenOptions } from './engine.ts';
import { throwIfAborted } from './errors.ts';
import { createBreather } from './macrotask.ts';

export type GenerateOptions = TokenOptions & {
  numCodebooks: number;
  signal?: AbortSignal | undefined;
  /** Awaited between two steps: whoever decides when the next one may run. It changes no code. */
  turn?: (() => Promise<void>) | undefined;
};

/** How far a generation has come. */
export interface TokenProgress {
  /** u16 [K, T]: the first `whole` codec frames are settled. One array, filled as it goes. */
  codes: Uint16Array;
  whole: number;
  /** Steps done. */
  step: number;
}

/** A macrotask costs some hundredths of a millisecond, a step about one. */
const BREATH_MS = 4;

/** Step 4 of the pipeline. Yields after every step; leaving early ends the generation. @throws AbortError between two steps */
export async function* generateTokens(
  engine: Engine,
  text: TextEmbedding,
  options: GenerateOptions,
): AsyncGenerator<TokenProgress, void> {
  const { codecFrames, numCodebooks } = options;
  const codes = new Uint16Array(numCodebooks * codecFrames);
  const steps = stepsOf(codecFrames, numCodebooks);
  const breather = createBreather();
  const generation = await engine.startTokens(text, options);
  let breathedAt = Number.NEGATIVE_INFINITY;
  try {
    for (let step = 0; step < steps; step++) {
      if (performance.now() - breathedAt >= BREATH_MS) {
        await breather.breathe();
        breathedAt = performance.now();
      }
      await options.turn?.();
      throwIfAborted(options.signal, 'token-lm');
      place(await generation.next(), codes, step, codecFrames);
      yield { codes, whole: Math.max(0, step + 2 - numCodebooks), step: step + 1 };
    }
  } finally {
    generation.dispose();
    breather.close();
  }
}

/** A step's column u16 [K] into codes [K, T]. */
function place(column: Uint16Array, codes: Uint16Array, step: number, codecFrames: number): void {
  column.forEach((code, k) => {
    if (isInside(step, k, codecFrames)) codes[k * codecFrames + step - k] = code;
  });
}
