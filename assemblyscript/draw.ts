/**
 * Nucleus and draw over weights that fall from the likeliest down. Sums run in f64, one after another in
 * that order: a prefix sum is a chain, and its rounding is part of the result.
 *
 * Twin: test/reference/sampling.ts.
 */

/**
 * Top-p: how many of the likeliest it takes to hold at least `topP` of the mass.
 *
 *   weights  f32[count]  falling, the first > 0
 *   count    i32 ≥ 1
 *   topP     f64         (0, 1]
 *   return   i32         1 to count
 */
export function nucleus(weights: usize, count: i32, topP: f64): i32 {
  const wanted = topP * total(weights, count);
  let mass: f64 = 0;
  for (let i = 0; i < count; i++) {
    mass += load<f32>(weights + ((<usize>i) << 2));
    if (mass >= wanted) return i + 1;
  }
  return count;
}

/**
 * Inverse CDF: the first entry whose cumulated weight exceeds uniform · mass.
 *
 *   entries  u64[count]  from rank(): index in the lower half
 *   weights  f32[count]
 *   count    i32 ≥ 1
 *   uniform  f32         [0, 1)
 *   return   i32         the index drawn
 */
export function draw(entries: usize, weights: usize, count: i32, uniform: f32): i32 {
  const target = <f64>uniform * total(weights, count);
  let mass: f64 = 0;
  let i = 0;
  for (; i < count - 1; i++) {
    mass += load<f32>(weights + ((<usize>i) << 2));
    if (mass > target) break;
  }
  return load<i32>(entries + ((<usize>i) << 3));
}

function total(weights: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += load<f32>(weights + ((<usize>i) << 2));
  return sum;
}
