/**
 * Rows of activations times an int8 matrix: out[r, o] = Σᵢ x[r, i] · weights[o, i] · scales[o] (+ bias[o]).
 *
 *   halves   from splitHalves(): rows of `inputs` activations
 *   rows     i32 ≥ 0
 *   weights  i8[outputs, inputs]   15 bytes after the last one must be readable; what they hold does not matter
 *   scales   f32[outputs]
 *   bias     f32[outputs], or 0 for none
 *   sums     i32[outputs]          from rowSums(); read in the build with relaxed SIMD only
 *   inputs   i32 0 to 4096,  outputs i32 ≥ 1
 *   out      f32[rows, outputs]
 *
 *                 8 weights, widened to i16
 *   row 0  high ──┤  dot products of pairs, added up in i32: exact
 *          low  ──┤      Σ = 2¹³ · Σ high + Σ low in f64: exact; then in f32 times unit · scale
 *   row 1  high ──┤  two rows and two outputs at a time, so that a loaded weight is used four times
 *          low  ──┘
 *
 * With relaxed SIMD 16 weights at a time meet the four digits of 16 activations; Σ is the same whole number. Digits are
 * 7 bits, so the relaxed dot product is exact everywhere. Every (row, output) is computed the same way wherever it lies,
 * so rows do not depend on their neighbours. Twin: test/reference/multiply.ts.
 */
import { halvesBytes, OFFSET, padded } from './halves';

export function multiply(
  halves: usize,
  rows: i32,
  weights: usize,
  scales: usize,
  bias: usize,
  sums: usize,
  inputs: i32,
  outputs: i32,
  out: usize,
): void {
  const stride = halvesBytes(inputs);
  const outStride = (<usize>outputs) << 2;
  for (let row = 0; row < rows; row += 2) {
    // A row without a neighbour is its own, an output too: what is stored twice is the same.
    const next = min(row + 1, rows - 1);
    const a = halves + <usize>row * stride;
    const b = halves + <usize>next * stride;
    const outA = out + <usize>row * outStride;
    const outB = out + <usize>next * outStride;
    for (let o = 0; o < outputs; o += 2) {
      const p = min(o + 1, outputs - 1);
      const w = weights + <usize>o * <usize>inputs;
      const v = weights + <usize>p * <usize>inputs;
      const at = (<usize>o) << 2;
      const after = (<usize>p) << 2;
      const products = ASC_FEATURE_RELAXED_SIMD
        ? byDigits(a, b, w, v, inputs, load<i32>(sums + at), load<i32>(sums + after))
        : byHalves(a, b, w, v, inputs);
      const units = f32x4(load<f32>(a), load<f32>(a), load<f32>(b), load<f32>(b));
      const factors = f32x4.mul(units, pairs(scales, at, after));
      let result = f32x4.mul(products, factors);
      if (bias !== 0) result = f32x4.add(result, pairs(bias, at, after));
      v128.store32_lane(outA + at, result, 0);
      v128.store32_lane(outA + after, result, 1);
      v128.store32_lane(outB + at, result, 2);
      v128.store32_lane(outB + after, result, 3);
    }
  }
}

/** values[o], values[p], values[o], values[p] */
function pairs(values: usize, at: usize, after: usize): v128 {
  const o = load<f32>(values + at);
  const p = load<f32>(values + after);
  return f32x4(o, p, o, p);
}

/** n · weights of row a with outputs w and v, then of row b. */
function byHalves(a: usize, b: usize, w: usize, v: usize, inputs: i32): v128 {
  const bytes = (<usize>padded(inputs)) << 1;
  let x = a + 16;
  let y = b + 16;
  const end = w + <usize>inputs;
  let wxHigh = i32x4.splat(0);
  let wxLow = wxHigh;
  let wyHigh = wxHigh;
  let wyLow = wxHigh;
  let vxHigh = wxHigh;
  let vxLow = wxHigh;
  let vyHigh = wxHigh;
  let vyLow = wxHigh;
  while (w < end) {
    const ws = v128.load_ext<i8>(w);
    const vs = v128.load_ext<i8>(v);
    const xHigh = v128.load(x);
    const xLow = v128.load(x + bytes);
    const yHigh = v128.load(y);
    const yLow = v128.load(y + bytes);
    wxHigh = i32x4.add(wxHigh, i32x4.dot_i16x8_s(ws, xHigh));
    vxHigh = i32x4.add(vxHigh, i32x4.dot_i16x8_s(vs, xHigh));
    wxLow = i32x4.add(wxLow, i32x4.dot_i16x8_s(ws, xLow));
    vxLow = i32x4.add(vxLow, i32x4.dot_i16x8_s(vs, xLow));
    wyHigh = i32x4.add(wyHigh, i32x4.dot_i16x8_s(ws, yHigh));
    vyHigh = i32x4.add(vyHigh, i32x4.dot_i16x8_s(vs, yHigh));
    wyLow = i32x4.add(wyLow, i32x4.dot_i16x8_s(ws, yLow));
    vyLow = i32x4.add(vyLow, i32x4.dot_i16x8_s(vs, yLow));
    w += 8;
    v += 8;
    x += 16;
    y += 16;
  }
  const high = laneSums(wxHigh, vxHigh, wyHigh, vyHigh);
  const low = laneSums(wxLow, vxLow, wyLow, vyLow);
  return toF32(combine(high, low), combine(upper(high), upper(low)));
}

/** 2¹³ · high + low of lanes 0 and 1, f64 */
function combine(high: v128, low: v128): v128 {
  const scaled = f64x2.mul(f64x2.convert_low_i32x4_s(high), f64x2.splat(8192));
  return f64x2.add(scaled, f64x2.convert_low_i32x4_s(low));
}

/** The same with the digits of n + OFFSET. */
function byDigits(a: usize, b: usize, w: usize, v: usize, inputs: i32, wSum: i32, vSum: i32): v128 {
  const offsets = f64x2.mul(f64x2(<f64>wSum, <f64>vSum), f64x2.splat(OFFSET));
  const first = f64x2.sub(digitSums(a + 16, w, v, inputs), offsets);
  return toF32(first, f64x2.sub(digitSums(b + 16, w, v, inputs), offsets));
}

/** Σ (n + OFFSET) · weights of one row with outputs w and v, f64 */
function digitSums(x: usize, w: usize, v: usize, inputs: i32): v128 {
  const end = w + <usize>inputs;
  let w0 = i32x4.splat(0);
  let w1 = w0;
  let w2 = w0;
  let w3 = w0;
  let v0 = w0;
  let v1 = w0;
  let v2 = w0;
  let v3 = w0;
  while (w < end) {
    const ws = v128.load(w);
    const vs = v128.load(v);
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const x2 = v128.load(x, 32);
    const x3 = v128.load(x, 48);
    w0 = relaxedDot(ws, x0, w0);
    w1 = relaxedDot(ws, x1, w1);
    w2 = relaxedDot(ws, x2, w2);
    w3 = relaxedDot(ws, x3, w3);
    v0 = relaxedDot(vs, x0, v0);
    v1 = relaxedDot(vs, x1, v1);
    v2 = relaxedDot(vs, x2, v2);
    v3 = relaxedDot(vs, x3, v3);
    w += 16;
    v += 16;
    x += 64;
  }
  const even = laneSums(w0, v0, w2, v2);
  const odd = laneSums(w1, v1, w3, v3);
  const lowest = f64x2.add(f64x2.convert_low_i32x4_s(even), times(odd, 128));
  const highest = f64x2.add(times(upper(even), 16384), times(upper(odd), 2097152));
  return f64x2.add(lowest, highest);
}

/** Lanes 0 and 1 times a factor, f64 */
function times(x: v128, factor: f64): v128 {
  return f64x2.mul(f64x2.convert_low_i32x4_s(x), f64x2.splat(factor));
}

/** sum + the dot products of four neighbours each; `digits` from 0 to 127, or it would not be the same everywhere. */
function relaxedDot(weights: v128, digits: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    return i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, digits, sum);
  }
  return sum;
}

function upper(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 0, 1);
}

function toF32(first: v128, second: v128): v128 {
  const low = f32x4.demote_f64x2_zero(first);
  return v128.shuffle<i32>(low, f32x4.demote_f64x2_zero(second), 0, 1, 4, 5);
}

/** Σ of each vector's four lanes. */
function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 2, 6), v128.shuffle<i32>(a, b, 1, 5, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 2, 6), v128.shuffle<i32>(c, d, 1, 5, 3, 7));
  const low = v128.shuffle<i32>(ab, cd, 0, 1, 4, 5);
  return i32x4.add(low, v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/**
 * sums[o] = Σᵢ weights[o, i]
 *
 *   weights  i8[outputs, inputs]
 *   inputs   i32 0 to 4096,  outputs i32 ≥ 0
 *   sums     i32[outputs]
 */
export function rowSums(weights: usize, inputs: i32, outputs: i32, sums: usize): void {
  for (let o = 0; o < outputs; o++) {
    const end = weights + <usize>inputs;
    let four = i32x4.splat(0);
    for (; weights + 16 <= end; weights += 16) {
      const pairs = i16x8.extadd_pairwise_i8x16_s(v128.load(weights));
      four = i32x4.add(four, i32x4.extadd_pairwise_i16x8_s(pairs));
    }
    const zeros = i32x4.splat(0);
    let sum = i32x4.extract_lane(laneSums(four, zeros, zeros, zeros), 0);
    for (; weights < end; weights++) sum += <i32>load<i8>(weights);
    store<i32>(sums + ((<usize>o) << 2), sum);
  }
}
