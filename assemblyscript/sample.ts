/**
 * Logits of one codebook at one step → its code. Everything that decides a code is computed here, so the same
 * request gives the same codes in every JavaScript engine.
 *
 *   logits (cond, uncond) f32[size]
 *     → guidance        uncond + (cond − uncond) · guidanceScale, in place of cond; none when uncond is 0
 *     → temperature 0   the likeliest, the lowest of equals
 *     → order           by probability, equals by index
 *     → top-k           exactly k; 0 is off
 *     → softmax         weights exp(−gap)
 *     → top-p           the fewest that hold at least p; 0 and 1 are off
 *     → draw            inverse CDF at the uniform of (seed, step, codebook)
 *
 *   entries  u64[size]              work space, as are the three below
 *   work     u64[size] + u32[256]
 *   weights  f32[size]
 *   block    u32[4]
 *   return   i32   the code, or −2 when a logit is NaN or infinite
 *
 * Twins: test/reference/sampling.ts, training/sampler.py.
 */
import { argmax } from './argmax';
import { draw, nucleus } from './draw';
import { mixGuidance } from './guidance';
import { uniform } from './philox';
import { rank } from './rank';
import { weigh } from './weigh';

export function sampleCodebook(
  logits: usize,
  uncond: usize,
  size: i32,
  guidanceScale: f32,
  temperature: f32,
  topK: i32,
  topP: f64,
  seed: u32,
  step: u32,
  codebook: u32,
  entries: usize,
  work: usize,
  weights: usize,
  block: usize,
): i32 {
  if (uncond !== 0) mixGuidance(logits, uncond, logits, size, guidanceScale);
  const likeliest = argmax(logits, size);
  if (likeliest < 0 || temperature === 0) return likeliest;
  rank(logits, size, likeliest, temperature, entries, work);
  let count = topK > 0 ? min(topK, size) : size;
  weigh(entries, count, weights);
  if (topP > 0 && topP < 1) count = nucleus(weights, count, topP);
  return draw(entries, weights, count, uniform(block, seed, step, codebook));
}
