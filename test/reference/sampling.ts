/**
 * Twins of guidance.ts, argmax.ts, rank.ts, weigh.ts and draw.ts in assemblyscript/, and of runtime/sampler.ts.
 * f32 arithmetic is spelt out with Math.fround, so results are equal to the last bit.
 */
import { uniform } from './philox.ts';
import { roundHalfEven } from './rounding.ts';

const f = Math.fround;

export function mixGuidance(
  cond: Float32Array,
  uncond: Float32Array,
  guidanceScale: number,
): Float32Array {
  return cond.map((value, i) => uncond[i]! + f(f(value - uncond[i]!) * f(guidanceScale)));
}

/** −1 when empty, −2 when any value is not finite. */
export function argmax(values: Float32Array): number {
  if (!values.every(Number.isFinite)) return -2;
  return values.indexOf(Math.max(...values));
}

export interface Entry {
  index: number;
  gap: number;
}

export function rank(logits: Float32Array, temperature: number): Entry[] {
  const largest = Math.max(...logits);
  const entries = Array.from(logits, (logit, index) => ({
    index,
    gap: f(f(largest - logit) / f(temperature)),
  }));
  return entries.sort((a, b) => a.gap - b.gap || a.index - b.index);
}

/** exp(−gap) as the kernel computes it. */
export function weigh(gap: number): number {
  if (gap > 87) return 0;
  const n = roundHalfEven(f(-gap * f(Math.LOG2E)));
  const r = f(f(-gap - f(n * f(0.693359375))) + f(n * f(2.1219444e-4)));
  const polynomial = [
    1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
  ];
  const p = polynomial.reduce((sum, next) => f(f(sum * r) + f(next)), f(1.98756915e-4));
  return f(f(f(f(p * f(r * r)) + r) + 1) * 2 ** n);
}

export function nucleus(weights: number[], topP: number): number {
  const wanted = topP * total(weights);
  let mass = 0;
  for (let i = 0; i < weights.length; i++) {
    mass += weights[i]!;
    if (mass >= wanted) return i + 1;
  }
  return weights.length;
}

/** @returns place in `weights` */
export function draw(weights: number[], u: number): number {
  const target = u * total(weights);
  let mass = 0;
  for (let i = 0; i < weights.length - 1; i++) {
    mass += weights[i]!;
    if (mass > target) return i;
  }
  return weights.length - 1;
}

function total(weights: number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

export interface Draw {
  temperature: number;
  topK: number;
  topP: number;
  seed: number;
  step: number;
  codebook: number;
}

/** Logits of one codebook, guidance done → its code. */
export function sampleCode(logits: Float32Array, options: Draw): number {
  if (options.temperature === 0) return argmax(logits);
  const kept = rank(logits, options.temperature).slice(0, options.topK || undefined);
  const weights = kept.map(({ gap }) => weigh(gap));
  const isNucleus = options.topP > 0 && options.topP < 1;
  const count = isNucleus ? nucleus(weights, options.topP) : kept.length;
  const u = uniform(options.seed, options.step, options.codebook);
  return kept[draw(weights.slice(0, count), u)]!.index;
}
