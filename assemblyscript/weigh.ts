/**
 * Softmax without its division: weight = exp(−gap), 1 for the likeliest, falling.
 *
 *   entries  u64[count]  from rank(): gap's f32 bits in the upper half
 *   count    i32 ≥ 0     any; the last count % 4 run through one padded vector
 *   weights  f32[count]  out; 0 where gap > 87
 *
 * Twin: test/reference/sampling.ts.
 */
import { expOfMinus } from './exp';

export function weigh(entries: usize, count: i32, weights: usize): void {
  let i = 0;
  for (; i <= count - 4; i += 4) {
    const at = entries + ((<usize>i) << 3);
    const gaps = v128.shuffle<i32>(v128.load(at), v128.load(at, 16), 1, 3, 5, 7);
    v128.store(weights + ((<usize>i) << 2), expOfMinus(gaps));
  }
  for (; i < count; i++) {
    const gap = f32x4.splat(load<f32>(entries + ((<usize>i) << 3), 4));
    store<f32>(weights + ((<usize>i) << 2), f32x4.extract_lane(expOfMinus(gap), 0));
  }
}
