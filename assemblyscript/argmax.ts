/**
 * Index of the largest value, the lowest one of equals.
 *
 *   values  f32[length]
 *   length  i32 ≥ 0      any; the last length % 4 run scalar
 *   return  i32          −1 when empty, −2 when any value is NaN or infinite
 *
 * Two passes: the maximum and the check for finite values (x · 0 is 0 only for those) in SIMD, then a
 * search for the first place that holds it. Twin: test/reference/sampling.ts.
 */
export function argmax(values: usize, length: i32): i32 {
  if (length === 0) return -1;
  const zero = f32x4.splat(0);
  let largest = f32x4.splat(-Infinity);
  let finite = i32x4.splat(-1);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const x = v128.load(values + ((<usize>i) << 2));
    largest = f32x4.max(largest, x);
    finite = v128.and(finite, f32x4.eq(f32x4.mul(x, zero), zero));
  }
  let best = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  let allFinite = i32x4.all_true(finite);
  for (; i < length; i++) {
    const x = load<f32>(values + ((<usize>i) << 2));
    best = max(best, x);
    allFinite = allFinite && x * 0 === 0;
  }
  return allFinite ? indexOf(values, best) : -2;
}

/** First index that holds `wanted`; it is known to be there. */
function indexOf(values: usize, wanted: f32): i32 {
  let i = 0;
  while (load<f32>(values + ((<usize>i) << 2)) !== wanted) i++;
  return i;
}
