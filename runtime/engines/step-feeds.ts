/**
 * What lm-steps.onnx is fed with, computed on the CPU. Names and shapes: training/onnx_steps.py, twin training/steps_model.py.
 *
 * B batch (row 0 the prompt, row 1 the null condition), K codebooks, V codebook size, H heads, D head width, S slots.
 */
import { isInside } from '../delay-pattern.ts';
import type { TokenOptions } from '../engine.ts';
import type { Kernels } from '../kernels/kernels.ts';

/** Sums of rounded probabilities may stay below 1. */
const LARGEST_DRAW = 1 - 2 ** -14;
/** Below it the likeliest code wins by more than f32 can tell; 1 / temperature must stay finite. */
const SMALLEST_TEMPERATURE = 1e-6;
/** Larger than any sum of probabilities. */
const NO_TOP_P = 2;

type Sampling = Pick<TokenOptions, 'guidanceScale' | 'temperature'>;

export function isGreedy({ temperature }: Sampling): boolean {
  return temperature < SMALLEST_TEMPERATURE;
}

/** f32 [1, B]: guidance and temperature in one. */
export function guideOf(sampling: Sampling): Float32Array {
  const { guidanceScale, temperature } = sampling;
  const by = isGreedy(sampling) ? 1 : temperature;
  if (guidanceScale === 1) return Float32Array.of(1 / by);
  return Float32Array.of(guidanceScale / by, (1 - guidanceScale) / by);
}

/** f32 [1] */
export function topPOf({ topP }: Pick<TokenOptions, 'topP'>): Float32Array {
  return Float32Array.of(topP > 0 && topP < 1 ? topP : NO_TOP_P);
}

/** f32 [K, 1]: the draws that the kernels would make; 0 takes the likeliest. */
export function drawsOf(
  kernels: Kernels,
  options: Pick<TokenOptions, 'seed' | 'guidanceScale' | 'temperature'>,
  step: number,
  numCodebooks: number,
): Float32Array {
  const draws = new Float32Array(numCodebooks);
  if (isGreedy(options)) return draws;
  return kernels.scratch((arena) => {
    const block = arena.reserve(16);
    return draws.map((_, k) =>
      Math.min(LARGEST_DRAW, kernels.call.uniform(block, options.seed, step, k)),
    );
  });
}

/** f32 [B, K], 1 inside the delay pattern, else 0. */
export function insideOf(
  step: number,
  codecFrames: number,
  numCodebooks: number,
  batch: number,
): Float32Array {
  return Float32Array.from({ length: batch * numCodebooks }, (_, i) =>
    isInside(step, i % numCodebooks, codecFrames) ? 1 : 0,
  );
}

/** f32 [S, D / 2] each: cosine and sine of every position's angles. @param frequencies f32 [D / 2], radians a step */
export function rotaryTables(frequencies: Float32Array, slots: number) {
  const half = frequencies.length;
  const angleOf = (i: number) => Math.floor(i / half) * frequencies[i % half]!;
  const table = (of: (angle: number) => number) =>
    Float32Array.from({ length: slots * half }, (_, i) => of(angleOf(i)));
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}

/**
 * One layer's keys or values of the text as attention wants them: each head's rows together, then zeros for the null
 * condition.
 *
 *   cross f32 [rows, 2, H, D], keys then values  →  f32 [B, H, rows, D]
 */
export function crossOf(
  cross: Float32Array,
  part: 'keys' | 'values',
  { heads, headDim, batch }: { heads: number; headDim: number; batch: number },
): Float32Array {
  const width = heads * headDim;
  const rows = cross.length / (2 * width);
  const turned = new Float32Array(batch * rows * width);
  for (let head = 0; head < heads; head++) {
    for (let row = 0; row < rows; row++) {
      const from = (2 * row + (part === 'keys' ? 0 : 1)) * width + head * headDim;
      turned.set(cross.subarray(from, from + headDim), (head * rows + row) * headDim);
    }
  }
  return turned;
}
