/**
 * Token language model: text embedding f32 [L, D] → codes u16 [K, T], one step at a time.
 *
 *   step            0   1   2   3   4        K = 3 codebooks, T = 3 codec frames, S = T + K − 1 steps
 *   input   k = 0   V   a   b   c   V        what step s feeds: what step s − 1 sampled,
 *           k = 1   V   V   d   e   f        V ("none yet / no more") outside the pattern
 *           k = 2   V   V   V   g   h
 *   sampled k = 0   a   b   c   ·   ·        codebook k of step s is the code at time s − k
 *           k = 1   ·   d   e   f   ·
 *           k = 2   ·   ·   g   h   i
 *
 * Between steps: progress, a macrotask so that messages can arrive, the turn of more urgent requests, a look at the signal.
 */
import { inputColumn, stepsOf, undelayCodes } from './delay-pattern.ts';
import type { Engine, TextEmbedding } from './engine.ts';
import { throwIfAborted } from './errors.ts';
import { createBreather } from './macrotask.ts';
import type { Sampler } from './sampler.ts';

export interface TokenOptions {
  /** T ≥ 1. */
  codecFrames: number;
  numCodebooks: number;
  codebookSize: number;
  /** 1 is off: the null condition is not run at all. */
  guidanceScale: number;
  temperature: number;
  topK: number;
  topP: number;
  seed: number;
  signal?: AbortSignal | undefined;
  /** Awaited between two steps: whoever decides when the next one may run. It changes no code. */
  turn?: (() => Promise<void>) | undefined;
  onStep?: ((done: number, total: number) => void) | undefined;
}

/** Step 4 of the pipeline. @throws AbortError between two steps */
export async function generateCodes(
  engine: Engine,
  sampler: Sampler,
  text: TextEmbedding,
  options: TokenOptions,
): Promise<Uint16Array> {
  const { codecFrames, numCodebooks, codebookSize: special } = options;
  const guided = options.guidanceScale !== 1;
  const steps = stepsOf(codecFrames, numCodebooks);
  const delayed = new Uint16Array(numCodebooks * steps).fill(special);
  const sampled = new Uint16Array(numCodebooks);
  const breather = createBreather();
  const stepper = await engine.startTokens(text, guided);
  try {
    for (let step = 0; step < steps; step++) {
      await breather.breathe();
      await options.turn?.();
      throwIfAborted(options.signal, 'token-lm');
      const logits = await stepper.step(inputColumn(delayed, numCodebooks, step, special));
      sampler.sample(logits, guided ? 2 : 1, { ...options, step }, sampled);
      place(sampled, delayed, step, options);
      options.onStep?.(step + 1, steps);
    }
  } finally {
    stepper.dispose();
    breather.close();
  }
  return undelayCodes(delayed, numCodebooks, codecFrames);
}

/** The step's codes become a column of delayed u16 [K, S]; cells outside the pattern stay special. */
function place(
  sampled: Uint16Array,
  delayed: Uint16Array,
  step: number,
  { numCodebooks, codecFrames }: TokenOptions,
): void {
  const steps = stepsOf(codecFrames, numCodebooks);
  for (let k = 0; k < numCodebooks; k++) {
    const inPattern = step >= k && step - k < codecFrames;
    if (inPattern) delayed[k * steps + step] = sampled[k]!;
  }
}
