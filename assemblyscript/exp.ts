/**
 * Four exponentials at once, f32x4, by hand, so that every machine gives the same bits: x = n·ln 2 + r with
 * |r| ≤ ln 2 / 2, a polynomial of degree 7 in r, times 2ⁿ. Error ≤ 2 units in the last place.
 *
 *   x  −87 to 88; outside that range the caller clamps or masks. NaN gives any number.
 *
 * Source: Cephes expf (S. L. Moshier). Twin: test/reference/sampling.ts.
 */
export function expOf(x: v128): v128 {
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
  return f32x4.mul(p, i32x4.shl(exponent, 23));
}

/** exp(−gap), gap ≥ 0; 0 where gap > 87. */
export function expOfMinus(gaps: v128): v128 {
  const tooSmall = f32x4.gt(gaps, f32x4.splat(87));
  const x = f32x4.neg(v128.bitselect(f32x4.splat(0), gaps, tooSmall));
  return v128.andnot(expOf(x), tooSmall);
}
