/**
 * Softmax without its division: weight = exp(−gap), 1 for the likeliest, falling.
 *
 *   entries  u64[count]  from rank(): gap's f32 bits in the upper half
 *   count    i32 ≥ 0     any; the last count % 4 run through one padded vector
 *   weights  f32[count]  out; 0 where gap > 87
 *
 * exp by hand, so that every machine gives the same bits: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a polynomial
 * of degree 7 in r, times 2ⁿ. Error ≤ 2 units in the last place.
 * Source: Cephes expf (S. L. Moshier). Twin: test/reference/sampling.ts.
 */
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

function expOfMinus(gaps: v128): v128 {
  const tooSmall = f32x4.gt(gaps, f32x4.splat(87));
  const x = f32x4.neg(v128.bitselect(f32x4.splat(0), gaps, tooSmall));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const exponent = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127));
  return v128.andnot(f32x4.mul(p, i32x4.shl(exponent, 23)), tooSmall);
}
