/**
 * Sines by polynomials, so that every machine gives the same bits. Scalar in f64: error below 1e-11. Four at once in
 * f32: error below 2e-7 for |angle| ≤ 20000, any number within ±1 beyond.
 *
 * Twins: test/reference/partials.ts, Math.sin and Math.cos.
 */

/** sin(2π · turns), f64 */
export function sine(turns: f64): f64 {
  const halves = nearest(2 * turns);
  const angle = 2 * Math.PI * (turns - 0.5 * halves);
  const value = angle * sinc(angle);
  return <i64>halves & 1 ? -value : value;
}

/** sin(x) / x for |x| ≤ π/2: its series up to x¹⁴. */
export function sinc(x: f64): f64 {
  const y = x * x;
  let p = 1 - y / 210;
  p = 1 - (y / 156) * p;
  p = 1 - (y / 110) * p;
  p = 1 - (y / 72) * p;
  p = 1 - (y / 42) * p;
  p = 1 - (y / 20) * p;
  return 1 - (y / 6) * p;
}

/** sin(x) of four angles in radians. */
export function sines(x: v128): v128 {
  const halves = f32x4.nearest(f32x4.mul(x, f32x4.splat(INVERSE_PI)));
  return signed(sineNearZero(rest(x, halves)), halves);
}

/** cos(x) of four angles in radians. */
export function cosines(x: v128): v128 {
  const halves = f32x4.nearest(f32x4.mul(x, f32x4.splat(INVERSE_PI)));
  return signed(cosineNearZero(rest(x, halves)), halves);
}

const INVERSE_PI: f32 = 0.3183098861837907;
/** π in three parts: a whole number below 2¹³ times the first or the second has no rounding. */
const PI_A: f32 = 3.140625;
const PI_B: f32 = 9.675025939941406e-4;
const PI_C: f32 = 1.509957990978376e-7;

/** Little above π/2: what no angle leaves over, unless its halves are too many to be taken off. */
const MOST: f32 = 1.6;

/** x − halves · π, |result| ≤ π/2 */
function rest(x: v128, halves: v128): v128 {
  let r = f32x4.sub(x, f32x4.mul(halves, f32x4.splat(PI_A)));
  r = f32x4.sub(r, f32x4.mul(halves, f32x4.splat(PI_B)));
  r = f32x4.sub(r, f32x4.mul(halves, f32x4.splat(PI_C)));
  return f32x4.max(f32x4.min(r, f32x4.splat(MOST)), f32x4.splat(-MOST));
}

/** −y where `halves` is odd. */
function signed(y: v128, halves: v128): v128 {
  return v128.xor(y, i32x4.shl(i32x4.trunc_sat_f32x4_s(halves), 31));
}

/** Taylor series up to x¹¹. */
function sineNearZero(x: v128): v128 {
  const y = f32x4.mul(x, x);
  let p = f32x4.splat(-2.505210838544172e-8);
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(2.7557319223985893e-6));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.984126984126984e-4));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(8.333333333333333e-3));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-0.16666666666666666));
  return f32x4.add(x, f32x4.mul(f32x4.mul(p, y), x));
}

/** Taylor series up to x¹². */
function cosineNearZero(x: v128): v128 {
  const y = f32x4.mul(x, x);
  let p = f32x4.splat(2.08767569878681e-9);
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-2.755731922398589e-7));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(2.48015873015873e-5));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.3888888888888889e-3));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(4.1666666666666664e-2));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-0.5));
  return f32x4.add(f32x4.splat(1), f32x4.mul(p, y));
}
