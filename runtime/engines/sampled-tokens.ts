/** An engine that only computes logits, made into a whole token generation: delay pattern and sampling around it. */
import { isInside, stepsOf } from '../delay-pattern.ts';
import type { TokenGeneration, TokenOptions } from '../engine.ts';
import type { Sampler, SamplerSize } from '../sampler.ts';

/** Runs one step. @param column u16 [K] @returns logits f32 [B, K, V], valid until the next call */
export type LogitsOf = (column: Uint16Array) => Promise<Float32Array>;

export function createSampledTokens(
  logitsOf: LogitsOf,
  sampler: Sampler,
  { numCodebooks, codebookSize }: SamplerSize,
  options: TokenOptions,
): TokenGeneration {
  const batch = options.guidanceScale === 1 ? 1 : 2;
  const column = new Uint16Array(numCodebooks).fill(codebookSize);
  const codes = new Uint16Array(numCodebooks);
  const steps = stepsOf(options.codecFrames, numCodebooks);
  let step = 0;
  let waiting: Promise<Float32Array> | undefined;
  const logits = () => {
    waiting ??= logitsOf(column);
    return waiting;
  };
  return {
    logits,
    async next() {
      if (step >= steps) throw new RangeError(`sampled-tokens: all ${steps} steps are done.`);
      const found = await logits();
      waiting = undefined;
      sampler.sample(found, batch, { ...options, step }, codes);
      codes.forEach((code, k) => {
        column[k] = isInside(step, k, options.codecFrames) ? code : codebookSize;
      });
      step++;
      return column;
    },
    dispose: () => {},
  };
}
