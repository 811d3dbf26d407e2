/**
 * GELU, exact form: x · ½ (1 + erf(x / √2)), in place.
 *
 *   values  f32[length]
 *   length  i32 ≥ 0      any; the last length % 4 run through one padded vector
 *
 * erf(t) = t · P(t²) for |t| < 1, else 1 − exp(−Q(|t|)) with t's sign, 1 from 4 on; P and Q are minimax
 * polynomials of degree 6 fitted to 1.2e-9, error in f32 below 2e-7.
 * Source: Hendrycks & Gimpel 2016, arXiv:1606.08415. Twin: test/reference/transformer.ts.
 */
import { expOf } from './exp';

export function gelu(values: usize, length: i32): void {
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = values + ((<usize>i) << 2);
    v128.store(at, geluOf(v128.load(at)));
  }
  for (; i < length; i++) {
    const at = values + ((<usize>i) << 2);
    store<f32>(at, f32x4.extract_lane(geluOf(v128.load32_splat(at)), 0));
  }
}

function geluOf(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return f32x4.add(half, f32x4.mul(half, erf(f32x4.mul(x, f32x4.splat(<f32>Math.SQRT1_2)))));
}

function erf(t: v128): v128 {
  const size = f32x4.abs(t);
  const sign = v128.and(t, i32x4.splat(0x80000000));
  const near = f32x4.mul(size, nearZero(f32x4.mul(t, t)));
  const isNear = f32x4.lt(size, f32x4.splat(1));
  if (i32x4.all_true(isNear)) return v128.or(near, sign);
  const beyond = f32x4.sub(
    f32x4.splat(1),
    expOf(f32x4.neg(fromOne(f32x4.min(size, f32x4.splat(4))))),
  );
  return v128.or(v128.bitselect(near, beyond, isNear), sign);
}

/** P: erf(t) / t of s = t² */
function nearZero(s: v128): v128 {
  let p = f32x4.splat(7.889122935011983e-5);
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(-8.020842215046287e-4));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(5.189535673707724e-3));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(-2.6854444295167923e-2));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(0.11283600330352783));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(-0.3761262595653534));
  return f32x4.add(f32x4.mul(p, s), f32x4.splat(1.1283791065216064));
}

/** Q: −ln(1 − erf(t)) for 1 ≤ t ≤ 4 */
function fromOne(t: v128): v128 {
  let q = f32x4.splat(-1.855740265455097e-4);
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(2.9396074824035168e-3));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-2.180531993508339e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.10303737223148346));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.6382256746292114));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(1.1270400285720825));
  return f32x4.add(f32x4.mul(q, t), f32x4.splat(3.5371925332583487e-4));
}
